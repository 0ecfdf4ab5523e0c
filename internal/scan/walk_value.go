package scan

import (
	"encoding/json"
	"fmt"
)

// raw passes over one value and returns its bytes, valid until the next call.
// A value beyond the bounds of a record is passed over too and gives errRecordSize.
func (w *walker) raw() ([]byte, error) {
	if _, ok := w.next(); !ok {
		return nil, w.fail("a value")
	}
	w.mark, w.kept, w.over, w.values = w.pos, w.kept[:0], false, 0
	err := w.skip()
	if err == nil {
		w.keep(w.pos)
	}
	w.mark = -1
	if err == nil && w.over {
		err = errRecordSize
	}
	return w.kept, err
}

// decode reads one small value into v. A value of another type leaves v as it
// was: it is for descriptions of the file, not for records.
func (w *walker) decode(v any) error {
	raw, err := w.raw()
	if err == errRecordSize {
		return nil
	}
	if err != nil {
		return err
	}
	_ = json.Unmarshal(raw, v)
	return nil
}

// scalar is decode for what the whole file hangs on: a value of another type refuses the file.
func (w *walker) scalar(key string, v any) error {
	place := w.where()
	raw, err := w.raw()
	if err != nil && err != errRecordSize {
		return err
	}
	if err == errRecordSize || json.Unmarshal(raw, v) != nil {
		return fmt.Errorf("%s is of the wrong type at %s", key, place)
	}
	return nil
}

// null tells whether the next value is null, and consumes it then.
func (w *walker) null() (bool, error) {
	if c, ok := w.next(); !ok || c != 'n' {
		return false, nil
	}
	return true, w.literal("null")
}

// list is array for keys that may be null instead of an empty array.
func (w *walker) list(visit func(i int) error) error {
	if is, err := w.null(); is {
		return err
	}
	return w.array(visit)
}
