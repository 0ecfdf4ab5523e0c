package intake

// Room is room, for a test that has a full disk but not as its own.
var Room = room
