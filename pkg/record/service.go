package record

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/audit"
	"lyhord/pkg/org"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/blob"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/id"
	"lyhord/pkg/platform/problem"
	"lyhord/pkg/platform/seal"
)

// Service is the use-cases. Every method is a transaction boundary.
type Service struct {
	d Deps
	// busy bounds how many files are held in memory at a time: each is there readable and sealed.
	busy chan struct{}
}

// Deps are what a Service needs. Wake is called after each commit that wrote an outbox row.
type Deps struct {
	DB    *db.DB
	Ring  *seal.Ring
	Clock clock.Clock
	IDs   id.Source
	Org   *org.Service
	Files blob.Store
	Wake  func()
}

// New makes the service.
func New(d Deps) *Service {
	if d.Wake == nil {
		d.Wake = func() {}
	}
	return &Service{d: d, busy: make(chan struct{}, 4)}
}

// List is the papers of a case.
type List struct {
	Items []View `json:"items"`
	Kinds []Sort `json:"kinds" doc:"Handlingar som kan upprättas här"`
}

// Sort is a kind of record that can be drawn up by hand.
type Sort struct {
	Kind     Kind   `json:"kind"`
	Label    string `json:"label"`
	NeedText bool   `json:"need_text"`
}

// byHand are the kinds that a person draws up. Answers and reports are drawn up by the step of the routine they belong to.
var byHand = []Kind{Acknowledgement, Statement, Minutes, Information, RegisterExtract}

// View is a record as the case page shows it.
type View struct {
	ID           uuid.UUID      `json:"id"`
	Kind         Kind           `json:"kind"`
	Label        string         `json:"label"`
	Direction    string         `json:"direction" enum:"INKOMMEN,UPPRATTAD"`
	On           clock.Date     `json:"on" doc:"Inkommen eller upprättad"`
	EntryNo      *string        `json:"entry_no" doc:"Nummer i diariet; saknas tills registrator har registrerat"`
	State        string         `json:"state" enum:"SKRIVS,KLAR,KARANTAN,SMITTAD"`
	StateText    string         `json:"state_text"`
	CanScan      bool           `json:"can_scan" doc:"Viruskontrollen kan begäras igen"`
	Version      int            `json:"version"`
	CreatedBy    *string        `json:"created_by_name"`
	Files        []FileView     `json:"files"`
	Dispatches   []DispatchView `json:"dispatches"`
	CanDispatch  bool           `json:"can_dispatch"`
	CanBeRevised bool           `json:"can_be_revised"`
}

// FileView is one file of one version.
type FileView struct {
	ID      uuid.UUID `json:"id"`
	Format  string    `json:"format" enum:"PDF,DOCX,ORIGINAL,DELAD"`
	Version int       `json:"version"`
	Name    string    `json:"name"`
	Size    int64     `json:"size" doc:"Byte"`
}

// DispatchView says to whom, how and when a record was sent.
type DispatchView struct {
	Way      string     `json:"way"`
	WayText  string     `json:"way_text"`
	To       string     `json:"to"`
	SentOn   clock.Date `json:"sent_on"`
	SentName *string    `json:"sent_by_name"`
}

// part reads the case for its papers and refuses those who have no work with it. The read is logged in the same transaction.
func (s *Service) part(ctx context.Context, actor authz.Actor, caseID uuid.UUID, action string, more func(b *db.Batch)) (partRow, *seal.CaseKey, error) {
	var (
		b db.Batch
		p partRow
	)
	audit.Record(ctx, &b, audit.Entry{Action: action, Case: caseID, Kind: string(actor.Kind)})
	db.First(&b, selectPart, db.Args{"case_id": caseID}, &p)
	if more != nil {
		more(&b)
	}
	if err := s.d.DB.Once(ctx, actor.Scope(), &b); err != nil {
		return p, nil, err
	}
	if !p.Works {
		return p, nil, problem.Forbidden()
	}
	key, err := s.d.Ring.OpenCaseKey(ctx, actor.Tenant, caseID, p.Wrapped)
	if errors.Is(err, seal.ErrShredded) {
		err = problem.Gone()
	}
	return p, key, err
}

// List reads the papers of a case.
func (s *Service) List(ctx context.Context, actor authz.Actor, caseID uuid.UUID) (List, error) {
	var (
		rows  []recordRow
		files []fileRow
		sent  []dispatchRow
	)
	args := db.Args{"case_id": caseID}
	p, key, err := s.part(ctx, actor, caseID, "list-records", func(b *db.Batch) {
		db.Collect(b, listRecords, args, &rows)
		db.Collect(b, listFiles, args, &files)
		db.Collect(b, listDispatches, args, &sent)
	})
	if err != nil {
		return List{}, err
	}
	out := List{Items: []View{}, Kinds: []Sort{}}
	if p.EntryNo != nil && open(p.State) {
		for _, k := range byHand {
			out.Kinds = append(out.Kinds, Sort{k, k.Label(), k != RegisterExtract})
		}
	}
	for _, r := range rows {
		v, err := r.view(key, files, sent)
		if err != nil {
			return List{}, err
		}
		v.CanBeRevised = v.CanBeRevised && open(p.State)
		out.Items = append(out.Items, v)
	}
	return out, nil
}

// open says whether papers can still be added to a case.
func open(state string) bool {
	return !slices.Contains([]string{"closed", "void", "archived", "disposed", "handed_over", "lex_hold"}, state)
}

func (r recordRow) view(key *seal.CaseKey, files []fileRow, sent []dispatchRow) (View, error) {
	v := View{
		ID: r.ID, Kind: r.Kind, Label: r.Kind.Label(), Direction: r.Direction, On: r.On, EntryNo: r.EntryNo, State: r.State, StateText: stateText(r.State, r.ScanCode),
		CanScan: r.State == Quarantine && r.ScanCode != nil, Version: r.Version, CreatedBy: r.CreatedName, Files: []FileView{}, Dispatches: []DispatchView{},
	}
	for _, f := range files {
		if f.RecordID != r.ID {
			continue
		}
		name, err := f.name(key, r)
		if err != nil {
			return v, err
		}
		v.Files = append(v.Files, FileView{ID: f.ID, Format: f.Format, Version: f.Version, Name: name, Size: f.Size})
	}
	for _, d := range sent {
		if d.RecordID != r.ID {
			continue
		}
		to, err := key.Open("dispatches", "to_sealed", d.ID, d.To)
		if err != nil {
			return v, err
		}
		v.Dispatches = append(v.Dispatches, DispatchView{Way: d.Way, WayText: ways[d.Way], To: to, SentOn: d.SentOn, SentName: d.SentName})
	}
	v.CanDispatch = r.Direction == "UPPRATTAD" && r.State == Ready
	v.CanBeRevised = r.Direction == "UPPRATTAD" && len(v.Dispatches) == 0 && slices.Contains(byHand, r.Kind)
	return v, nil
}

// name is what a file is called when it is saved: its own name, or kind and number of what we drew up.
func (f fileRow) name(key *seal.CaseKey, r recordRow) (string, error) {
	if f.Name != nil {
		return key.Open("record_files", "name_sealed", f.ID, f.Name)
	}
	name := r.Kind.Label()
	if r.EntryNo != nil {
		name += " " + *r.EntryNo
	}
	if f.Version > 1 {
		name += fmt.Sprintf(" version %d", f.Version)
	}
	ext := map[string]string{"PDF": ".pdf", "DOCX": ".docx"}[f.Format]
	return fileName(slashes.Replace(name)) + ext, nil
}

// Content is a file on its way to a person.
type Content struct {
	Name, Media string
	Data        []byte
}

// Open gives a file that may be opened: drawn up by us, or found clean. The read is logged in the same transaction.
func (s *Service) Open(ctx context.Context, actor authz.Actor, caseID, fileID uuid.UUID) (Content, error) {
	var (
		f []fileRow
		r []recordRow
	)
	_, key, err := s.part(ctx, actor, caseID, "open-record", func(b *db.Batch) {
		db.Collect(b, openFile, db.Args{"case_id": caseID, "id": fileID}, &f)
		db.Collect(b, listRecords, db.Args{"case_id": caseID}, &r)
	})
	if err != nil {
		return Content{}, err
	}
	if len(f) == 0 {
		return Content{}, problem.NotFound()
	}
	object, err := s.d.Files.Get(ctx, objectName(fileID))
	if err != nil {
		return Content{}, err
	}
	data, err := openObject(key, fileID, object)
	if err != nil {
		return Content{}, err
	}
	of := r[slices.IndexFunc(r, func(x recordRow) bool { return x.ID == f[0].RecordID })]
	name, err := f[0].name(key, of)
	return Content{Name: name, Media: f[0].MediaType, Data: data}, err
}

// Unregistered is what waits for the registrar (req 46).
type Unregistered struct {
	ID        uuid.UUID `json:"id"`
	CaseID    uuid.UUID `json:"case_id"`
	Reference string    `json:"reference"`
	EntryNo   *string   `json:"case_entry_no"`
	Label     string    `json:"label"`
	StateText string    `json:"state_text"`
	CreatedAt time.Time `json:"created_at"`
	CreatedBy *string   `json:"created_by_name"`
}

// Unregistered lists what came in and has no entry in the register yet, the oldest first.
func (s *Service) Unregistered(ctx context.Context, actor authz.Actor) ([]Unregistered, error) {
	var (
		b    db.Batch
		rows []unregisteredRow
	)
	db.Collect(&b, listUnregistered, nil, &rows)
	if err := s.d.DB.Once(ctx, actor.Scope(), &b); err != nil {
		return nil, err
	}
	out, shown := []Unregistered{}, []uuid.UUID{}
	for _, r := range rows {
		shown = append(shown, r.CaseID)
		out = append(out, Unregistered{
			ID: r.ID, CaseID: r.CaseID, Reference: r.Reference, EntryNo: r.CaseEntry, Label: r.Kind.Label(), StateText: stateText(r.State, r.ScanCode),
			CreatedAt: r.CreatedAt, CreatedBy: r.CreatedName,
		})
	}
	b = db.Batch{}
	audit.Record(ctx, &b, audit.Entry{Action: "list-unregistered-records", Shown: shown, Kind: string(actor.Kind)})
	return out, s.d.DB.Once(ctx, actor.Scope(), &b)
}
