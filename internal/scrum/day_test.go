
func TestADayIsToldAsPeopleReadIt(t *testing.T) {
	assert.Equal(t, "Nov 3, 2026", Day("2026-11-03").Text())
}
