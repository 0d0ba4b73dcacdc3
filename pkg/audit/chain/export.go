package chain

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
)

// Line is one line of an export: the head of the file, a block followed by its rows, a row that no block has yet, or the
// end. An export is JSON lines in that order.
type Line struct {
	Type   string      `json:"type" enum:"trail,block,row,open,end"`
	Tenant *uuid.UUID  `json:"tenant,omitempty" format:"uuid" doc:"trail: vems logg"`
	At     *time.Time  `json:"at,omitempty" doc:"trail: när uttaget gjordes"`
	No     int64       `json:"no,omitempty" doc:"block: nummer; end: sista blockets nummer"`
	Prev   string      `json:"prev,omitempty" doc:"block: hash för blocket före"`
	Hash   string      `json:"hash,omitempty" doc:"block: blockets hash; end: sista blockets hash"`
	IDs    []uuid.UUID `json:"ids,omitempty" doc:"block: radernas id i ordning"`
	Sums   []string    `json:"digests,omitempty" doc:"block: radernas hash i samma ordning"`
	Row    *Row        `json:"row,omitempty" doc:"row, open: en rad ur loggen"`
}

// BlockLine writes a block as a line.
func BlockLine(b Block) Line {
	l := Line{Type: "block", No: b.No, Prev: hex.EncodeToString(b.Prev[:]), Hash: hex.EncodeToString(b.Hash[:]), IDs: b.IDs, Sums: make([]string, len(b.Digests))}
	for i, d := range b.Digests {
		l.Sums[i] = hex.EncodeToString(d[:])
	}
	return l
}

func (l Line) block() (b Block, err error) {
	b = Block{No: l.No, IDs: l.IDs, Digests: make([]Digest, len(l.Sums))}
	if len(l.IDs) != len(l.Sums) {
		return b, errors.New("it has not one digest for each row")
	}
	if b.Prev, err = digest(l.Prev); err != nil {
		return b, err
	}
	if b.Hash, err = digest(l.Hash); err != nil {
		return b, err
	}
	for i, s := range l.Sums {
		if b.Digests[i], err = digest(s); err != nil {
			return b, err
		}
	}
	return b, nil
}

func digest(text string) (d Digest, err error) {
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) != len(d) {
		return d, errors.New("a hash that cannot be read")
	}
	return Digest(raw), nil
}

// Anchor is a block whose hash is known from elsewhere: an earlier export, or a printed one. Without one, somebody who
// rewrote the whole chain from a row on is not seen.
type Anchor struct {
	No   int64
	Hash Digest
}

// ParseAnchor reads "12:4f…".
func ParseAnchor(text string) (a Anchor, err error) {
	var sum string
	if _, err = fmt.Sscanf(text, "%d:%s", &a.No, &sum); err != nil {
		return a, fmt.Errorf("%q is not NUMBER:HASH", text)
	}
	a.Hash, err = digest(sum)
	return a, err
}

// Finding is one thing that is not as it was written.
type Finding struct {
	What  string // changed, dropped, inserted, moved, late, block, anchor, file
	Block int64
	Row   uuid.UUID
	Why   string
}

func (f Finding) String() string {
	if f.Row == uuid.Nil {
		return fmt.Sprintf("%s: block %d: %s", f.What, f.Block, f.Why)
	}
	return fmt.Sprintf("%s: block %d, row %s: %s", f.What, f.Block, f.Row, f.Why)
}

// Result is what a verification found. No findings: the export is as it was sealed.
type Result struct {
	Tenant   uuid.UUID
	Blocks   int64
	Rows     int
	Open     int
	Head     Anchor
	Findings []Finding
}

// Late is how old a row may be without a block when the export is made.
const Late = 15 * time.Minute

type verifier struct {
	Result
	at      time.Time
	begun   bool
	ended   bool
	prev    Digest
	block   Block
	place   map[uuid.UUID]int // of the rows of the present block
	next    int
	seen    map[uuid.UUID]bool
	anchors []Anchor
}

// Verify reads an export and names every row and block that is not as it was sealed. An error is a file that cannot be read.
func Verify(r io.Reader, anchors ...Anchor) (Result, error) {
	v := &verifier{anchors: anchors}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 64<<20)
	for n := 1; lines.Scan(); n++ {
		if len(lines.Bytes()) == 0 {
			continue
		}
		var l Line
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return v.Result, fmt.Errorf("line %d cannot be read: %w", n, err)
		}
		if err := v.line(l); err != nil {
			return v.Result, fmt.Errorf("line %d: %w", n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return v.Result, err
	}
	if !v.begun {
		return v.Result, errors.New("this is no export of a trail")
	}
	v.closeBlock()
	if !v.ended {
		v.find("file", v.Blocks, uuid.Nil, "the export is cut off: it has no end")
	}
	for _, a := range v.anchors {
		if a.No > v.Blocks {
			v.find("anchor", a.No, uuid.Nil, "the block is not there any more")
		}
	}
	return v.Result, nil
}

func (v *verifier) find(what string, block int64, row uuid.UUID, why string) {
	v.Findings = append(v.Findings, Finding{what, block, row, why})
}

func (v *verifier) line(l Line) error {
	if (l.Type == "trail") == v.begun {
		return errors.New("an export begins with its head, once")
	}
	switch l.Type {
	case "trail":
		if l.Tenant == nil || l.At == nil {
			return errors.New("the head says neither whose nor when")
		}
		v.begun, v.Tenant, v.at, v.prev, v.seen = true, *l.Tenant, *l.At, Genesis(*l.Tenant), map[uuid.UUID]bool{}
	case "block":
		v.closeBlock()
		v.openBlock(l)
	case "row", "open":
		if l.Row == nil {
			return errors.New("a row without a row")
		}
		v.row(*l.Row, l.Type == "open")
	case "end":
		v.closeBlock()
		v.ended = true
		if head, err := digest(l.Hash); l.No > 0 && (err != nil || head != v.Head.Hash || l.No != v.Blocks) {
			v.find("file", l.No, uuid.Nil, "the export ends with another block than it says")
		}
	default:
		return fmt.Errorf("unknown line %q", l.Type)
	}
	return nil
}

func (v *verifier) openBlock(l Line) {
	b, err := l.block()
	if err != nil {
		v.find("block", l.No, uuid.Nil, err.Error())
	}
	if b.No != v.Blocks+1 {
		v.find("block", b.No, uuid.Nil, fmt.Sprintf("block %d should come here", v.Blocks+1))
	}
	if b.Prev != v.prev {
		v.find("block", b.No, uuid.Nil, "it does not follow the block before it")
	}
	if b.Sum(v.Tenant) != b.Hash {
		v.find("block", b.No, uuid.Nil, "its hash is not that of what it holds")
	}
	for _, a := range v.anchors {
		if a.No == b.No && a.Hash != b.Hash {
			v.find("anchor", b.No, uuid.Nil, "it is not the block that was known before")
		}
	}
	v.block, v.next, v.place = b, 0, make(map[uuid.UUID]int, len(b.IDs))
	for i, id := range b.IDs {
		v.place[id] = i
	}
	v.Blocks, v.prev, v.Head = b.No, b.Hash, Anchor{b.No, b.Hash}
}

func (v *verifier) row(r Row, open bool) {
	v.Rows++
	if v.seen[r.ID] {
		v.find("inserted", v.block.No, r.ID, "the row is there twice")
		return
	}
	v.seen[r.ID] = true
	if open {
		v.Open++
		if age := v.at.Sub(r.At); age > Late {
			v.find("late", v.Blocks, r.ID, fmt.Sprintf("no block has it although it says to be %s old: it was put in afterwards, or nobody seals", age.Round(time.Minute)))
		}
		return
	}
	i, known := v.place[r.ID]
	if !known {
		v.find("inserted", v.block.No, r.ID, "the block was sealed without it")
		return
	}
	if i < v.next {
		v.find("moved", v.block.No, r.ID, "it stood elsewhere when the block was sealed")
	} else {
		v.next = i + 1
	}
	if i < len(v.block.Digests) && r.Digest(v.Tenant) != v.block.Digests[i] {
		v.find("changed", v.block.No, r.ID, "it is not as it was when the block was sealed")
	}
}

// closeBlock names what the block was sealed with and the export has not.
func (v *verifier) closeBlock() {
	for _, id := range v.block.IDs {
		if !v.seen[id] {
			v.find("dropped", v.block.No, id, "the block was sealed with it, and it is not there")
		}
	}
	v.block = Block{No: v.block.No}
}
