package paper

import (
	"bytes"
	"encoding/binary"
	"math"
)

// srgb is a colour profile (ICC.1:2001-04, version 2.1) with the primaries, white point and tone curve of IEC 61966-2-1.
// It is computed, so that nothing of unknown licence is shipped.
func srgb() []byte {
	curve := toneCurve()
	const name = "sRGB IEC61966-2.1\x00"
	desc := binary.BigEndian.AppendUint32([]byte("desc\x00\x00\x00\x00"), uint32(len(name)))
	desc = append(append(desc, name...), make([]byte, 4+4+2+1+67)...)
	parts := []struct {
		tag  string
		data []byte
	}{
		{"desc", desc},
		{"cprt", []byte("text\x00\x00\x00\x00No copyright, use freely\x00")},
		{"wtpt", xyz(0.9505, 1, 1.0891)},
		{"rXYZ", xyz(0.43607, 0.22249, 0.01392)},
		{"gXYZ", xyz(0.38515, 0.71687, 0.09708)},
		{"bXYZ", xyz(0.14307, 0.06061, 0.7141)},
		{"rTRC", curve},
		{"gTRC", nil},
		{"bTRC", nil}, // the three share one curve
	}
	var table, data bytes.Buffer
	put := func(v uint32) { _ = binary.Write(&table, binary.BigEndian, v) }
	put(uint32(len(parts)))
	base := 128 + 4 + 12*len(parts)
	at, size := 0, 0
	for _, p := range parts {
		if p.data != nil {
			at, size = base+data.Len(), len(p.data)
			data.Write(p.data)
			data.Write(make([]byte, -len(p.data)&3))
		}
		table.WriteString(p.tag)
		put(uint32(at))
		put(uint32(size))
	}
	head := make([]byte, 128)
	binary.BigEndian.PutUint32(head, uint32(base+data.Len()))
	binary.BigEndian.PutUint32(head[8:], 0x02100000)
	copy(head[12:], "mntrRGB XYZ ")
	for i, v := range []uint16{2026, 1, 1, 0, 0, 0} {
		binary.BigEndian.PutUint16(head[24+2*i:], v)
	}
	copy(head[36:], "acsp")
	copy(head[68:], xyz(0.9642, 1, 0.82491)[8:])
	return append(append(head, table.Bytes()...), data.Bytes()...)
}

func xyz(x, y, z float64) []byte {
	b := []byte("XYZ \x00\x00\x00\x00")
	for _, v := range []float64{x, y, z} {
		b = binary.BigEndian.AppendUint32(b, uint32(int32(math.Round(v*65536))))
	}
	return b
}

func toneCurve() []byte {
	b := []byte("curv\x00\x00\x00\x00")
	const steps = 1024
	b = binary.BigEndian.AppendUint32(b, steps)
	for i := range steps {
		v := float64(i) / (steps - 1)
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		b = binary.BigEndian.AppendUint16(b, uint16(math.Round(v*65535)))
	}
	return b
}
