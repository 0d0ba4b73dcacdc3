package insight

import (
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/problem"
)

// Service answers what a city may know of itself.
type Service struct {
	db    *db.DB
	clock clock.Clock

	mu      sync.Mutex
	edition map[string]edition // by city
	flight  singleflight.Group
}

// edition is what was published of a city's whole months on a day. It stands until the next day: numbers that follow
// every case at once would let a reader subtract yesterday's page from today's, hour by hour.
type edition struct {
	day       clock.Date
	city      string
	published *published
	pages     *pages
}

// pages are the latest answers made from an edition: until a case of the present month is added, the same question has the
// same answer.
type pages struct {
	mu   sync.Mutex
	kept map[CityQuery]keptPage
}

type keptPage struct {
	counts []count // the present month it was made from
	page   City
}

const mostPages = 64

func (k *pages) get(q CityQuery, counts []count) (City, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	p, ok := k.kept[q]
	return p.page, ok && slices.Equal(p.counts, counts)
}

func (k *pages) put(q CityQuery, counts []count, page City) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.kept) >= mostPages {
		clear(k.kept)
	}
	k.kept[q] = keptPage{counts, page}
}

// New makes the service. The database needs the doors insight (the counts) and api (names and labels).
func New(d *db.DB, clk clock.Clock) *Service {
	return &Service{db: d, clock: clk, edition: map[string]edition{}}
}

// City is the page of the actor's own city.
func (s *Service) City(ctx context.Context, actor authz.Actor, q CityQuery) (City, error) {
	now := s.clock.Now()
	e, err := s.today(ctx, actor.City, clock.DateIn(now))
	if err != nil {
		return City{}, err
	}
	if err := e.published.w.check(q); err != nil {
		return City{}, err
	}
	month := e.published.w.months[e.published.w.present()]
	counts, err := readCounts(ctx, s.db, actor.City, month, month)
	if err != nil {
		return City{}, err
	}
	if page, same := e.pages.get(q, counts); same {
		page.UpdatedAt = now
		return page, nil
	}
	p, err := e.published.withPresent(counts)
	if err != nil {
		return City{}, problem.Internal(err)
	}
	page, err := p.page(q, e.city, now)
	if err != nil {
		return City{}, problem.Internal(err)
	}
	e.pages.put(q, counts, page)
	return page, nil
}

// check refuses what no table holds.
func (w *window) check(q CityQuery) error {
	if q.Months != 12 && q.Months != 24 && q.Months != 36 {
		return problem.Invalid(problem.Param("months", "Välj 12, 24 eller 36 månader."))
	}
	if q.CaseType != "" && indexOf(w.caseType, q.CaseType) < 0 {
		return problem.Invalid(problem.Param("case_type", "Ärendetypen finns inte."))
	}
	if _, exists := w.labels[q.Category]; q.Category != "" && !exists {
		return problem.Invalid(problem.Param("category", "Kategorin finns inte."))
	}
	return nil
}

// publishTimeout bounds the making of an edition, which no longer has a caller to give up on it.
const publishTimeout = 30 * time.Second

// today gives the day's edition, made by the first reader of the day and shared by those who come meanwhile.
func (s *Service) today(ctx context.Context, city string, day clock.Date) (edition, error) {
	if e, ok := s.kept(city, day); ok {
		return e, nil
	}
	made := s.flight.DoChan(city+day.String(), func() (any, error) {
		if e, ok := s.kept(city, day); ok {
			return e, nil
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), publishTimeout)
		defer cancel()
		e, err := s.publish(ctx, city, day)
		if err != nil {
			return edition{}, err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.edition[city] = e
		return e, nil
	})
	select {
	case <-ctx.Done():
		return edition{}, ctx.Err()
	case r := <-made:
		if r.Err != nil {
			return edition{}, r.Err
		}
		return r.Val.(edition), nil
	}
}

func (s *Service) kept(city string, day clock.Date) (edition, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, ok := s.edition[city]
	return e, ok && e.day == day
}

func (s *Service) publish(ctx context.Context, city string, day clock.Date) (edition, error) {
	dir, err := readDirectory(ctx, s.db, city)
	if err != nil {
		return edition{}, err
	}
	months := monthsTo(day)
	before := clock.NewDate(months[0].Year(), months[0].Month()-1, 1) // tells whether the first month was one of service
	counts, err := readCounts(ctx, s.db, city, before, months[len(months)-2])
	if err != nil {
		return edition{}, err
	}
	p, err := publish(newWindow(dir, day, counts))
	if err != nil {
		return edition{}, problem.Internal(err)
	}
	return edition{day: day, city: dir.City, published: p, pages: &pages{kept: map[CityQuery]keptPage{}}}, nil
}
