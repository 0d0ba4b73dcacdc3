package id

import (
	"crypto/sha256"
	"errors"
	"strings"
)

// A receipt code is 24 letters of the alphabet, shown as six groups of four:
// 23 random ones (115 bits) and one check letter. 115 bits cannot be searched
// through, so a plain SHA-256 is a safe thing to store.
const (
	receiptLength = 24
	receiptGroup  = 4
)

// The two ways to miswrite a code. They are different so that the page can tell
// which one it was; neither says anything about which codes exist.
var (
	// ErrReceiptLength means that there are not 24 letters and digits.
	ErrReceiptLength = errors.New("id: a receipt code has 24 characters")
	// ErrReceiptCheck means 24 characters of which some is miswritten.
	ErrReceiptCheck = errors.New("id: the check character of the receipt code is wrong")
)

// ReceiptCode is the secret (kvittokod) that a person without an account uses to
// come back to what she wrote. It is shown once and stored only as its hash.
type ReceiptCode struct {
	symbols string // exactly 24 letters of the alphabet, checked
}

// NewReceiptCode makes a code from crypto/rand.
func NewReceiptCode() ReceiptCode {
	data := randomSymbols(receiptLength - 1)
	return ReceiptCode{symbols: string(append(data, checkSymbol(data)))}
}

// ReceiptCodeFrom makes the code that belongs to a secret seed: the same seed, the same code. The seed must be as hard to
// guess as a code is, which a keyed hash of 16 bytes or more is.
func ReceiptCodeFrom(seed []byte) ReceiptCode {
	data := symbolsFrom("receipt code", seed)[:receiptLength-1]
	return ReceiptCode{symbols: string(append(data, checkSymbol(data)))}
}

// ParseReceiptCode reads a code as people write it: lower case, spaces, hyphens
// and the letters O, I and L for the digits they look like.
func ParseReceiptCode(text string) (ReceiptCode, error) {
	symbols := make([]byte, 0, receiptLength)
	valid := true
	for _, r := range text {
		if isSeparator(r) {
			continue
		}
		if len(symbols) == receiptLength {
			return ReceiptCode{}, ErrReceiptLength
		}
		s, ok := readSymbol(r)
		valid = valid && ok
		symbols = append(symbols, s)
	}
	switch {
	case len(symbols) != receiptLength:
		return ReceiptCode{}, ErrReceiptLength
	case !valid, checkSymbol(symbols[:receiptLength-1]) != symbols[receiptLength-1]:
		return ReceiptCode{}, ErrReceiptCheck
	}
	return ReceiptCode{symbols: string(symbols)}, nil
}

// isSeparator tells what people and word processors put between the groups.
func isSeparator(r rune) bool {
	return strings.ContainsRune(" \t\r\n\u00a0\u2009\u202f-_.\u2010\u2011\u2012\u2013\u2014", r)
}

// readSymbol gives the letter of the alphabet that r was meant to be.
func readSymbol(r rune) (byte, bool) {
	switch r {
	case 'O', 'o':
		return '0', true
	case 'I', 'i', 'L', 'l':
		return '1', true
	}
	if r >= 'a' && r <= 'z' {
		r -= 'a' - 'A'
	}
	if r > 'Z' || strings.IndexByte(alphabet, byte(r)) < 0 {
		return 0, false
	}
	return byte(r), true
}

// checkSymbol is a weighted sum in the field of 32 elements (Reed-Solomon with
// one check symbol): the weight of each place is a power of the generator, so
// every single wrong letter and every swap of two letters changes the sum.
func checkSymbol(data []byte) byte {
	var sum byte
	for _, c := range data {
		sum = timesTwo(sum) ^ byte(strings.IndexByte(alphabet, c)&31)
	}
	return alphabet[timesTwo(sum)]
}

// timesTwo multiplies by the generator in GF(32) with the primitive polynomial
// x^5 + x^2 + 1.
func timesTwo(x byte) byte {
	x <<= 1
	if x&0x20 != 0 {
		x ^= 0x25
	}
	return x
}

// Text shows the code in its six groups.
func (c ReceiptCode) Text() string {
	if c.symbols == "" {
		return ""
	}
	groups := make([]string, 0, receiptLength/receiptGroup)
	for i := 0; i < receiptLength; i += receiptGroup {
		groups = append(groups, c.symbols[i:i+receiptGroup])
	}
	return strings.Join(groups, " ")
}

// String hides the code, so that a careless %v puts no secret into a log.
func (ReceiptCode) String() string { return "receipt code" }

// GoString hides it from %#v as well.
func (ReceiptCode) GoString() string { return "receipt code" }

// Hash is what is stored and looked up.
func (c ReceiptCode) Hash() [32]byte { return sha256.Sum256([]byte(c.symbols)) }
