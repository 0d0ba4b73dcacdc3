package city

import (
	"slices"
	"time"
)

// Names of the planted patterns.
const (
	PlantCluster  = "cluster"
	PlantImproved = "improved"
)

// Patterns are the things the city's pages should find. What is missing among the
// tenants (too few homes, one organisation only) is left out.
type Patterns struct {
	// Cluster: missed evening doses in up to six units of four organisations, far
	// outside chance, with one common cause.
	Cluster                []Place
	ClusterFrom, ClusterTo time.Time
	// Silent: a unit that used to report and has stopped.
	Silent     Place
	SilentFrom time.Time
	// Improved: a unit with many falls until a strong measure, few after it.
	Improved   Place
	ImprovedAt time.Time
	// Late: a board that answers late.
	Late string
}

// Plan tells what Generate will plant, for the demo's texts and for tests.
func Plan(seed uint64, until time.Time, tenants []Ref) Patterns {
	return newWorld(seed, until, tenants).patterns
}

const (
	clusterUnits = 6
	clusterOrgs  = 4
)

// homes are the kinds of unit where doses are given in the evening.
var homes = []string{"VARD_OCH_OMSORGSBOENDE", "KORTTIDSBOENDE", "SERVICEHUS", "GRUPPBOSTAD"}

func (w *world) plant() Patterns {
	p := Patterns{
		ClusterFrom: w.until.AddDate(0, 0, -80), ClusterTo: w.until.AddDate(0, 0, -3),
		SilentFrom: w.until.AddDate(0, -7, 0), ImprovedAt: w.until.AddDate(0, -14, 0),
	}
	p.Cluster = w.clusterPlaces()
	taken := slices.Clone(p.Cluster)
	if s := w.ownHome(taken); s != nil {
		p.Improved = s.place
		taken = append(taken, s.place)
	}
	if s := w.ownHome(taken); s != nil {
		p.Silent = s.place
		s.weight *= 1.5 // it was well known for its reports, so that silence means something
	}
	boards := w.boards()
	boards = slices.DeleteFunc(boards, func(board string) bool {
		return board == p.Silent.Tenant || board == p.Improved.Tenant
	})
	if len(boards) > 0 {
		p.Late = boards[w.rng.IntN(len(boards))]
	}
	return p
}

// clusterPlaces picks homes in two boards and two providers (or what there is): two
// units in each of the first two organisations, one in the others.
func (w *world) clusterPlaces() []Place {
	byTenant := map[string][]Place{}
	var order []string
	kinds := map[string]string{}
	for _, s := range w.spots {
		if s.handTo != (Place{}) || !slices.Contains(homes, s.unit.Type) || s.unit.Area != "ALDREOMSORG" {
			continue
		}
		if byTenant[s.place.Tenant] == nil {
			order = append(order, s.place.Tenant)
			kinds[s.place.Tenant] = s.kind
		}
		byTenant[s.place.Tenant] = append(byTenant[s.place.Tenant], s.place)
	}
	w.rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	// Organisations with two homes first, then boards and providers in turn.
	slices.SortStableFunc(order, func(a, b string) int {
		return min(2, len(byTenant[b])) - min(2, len(byTenant[a]))
	})
	var chosen []string
	for _, kind := range []string{KindBoard, KindProvider, KindBoard, KindProvider, "", "", "", ""} {
		at := slices.IndexFunc(order, func(tenant string) bool {
			return !slices.Contains(chosen, tenant) && (kind == "" || kinds[tenant] == kind)
		})
		if at >= 0 && len(chosen) < clusterOrgs {
			chosen = append(chosen, order[at])
		}
	}
	var places []Place
	for round := range clusterUnits {
		for _, tenant := range chosen {
			if round < len(byTenant[tenant]) && len(places) < clusterUnits {
				places = append(places, byTenant[tenant][round])
			}
		}
	}
	return places
}

// ownHome draws a home in a board's own operation that has no other part to play.
func (w *world) ownHome(taken []Place) *spot {
	var fits []*spot
	for i := range w.spots {
		s := &w.spots[i]
		if s.handTo == (Place{}) && s.kind == KindBoard && s.unit.Type == "VARD_OCH_OMSORGSBOENDE" &&
			s.unit.Regi == "EGEN_REGI" && !slices.Contains(taken, s.place) {
			fits = append(fits, s)
		}
	}
	if len(fits) == 0 {
		return nil
	}
	return fits[w.rng.IntN(len(fits))]
}

// boards lists the boards with a wide range of work: the districts.
func (w *world) boards() []string {
	areas := map[string]map[string]bool{}
	var order []string
	for _, s := range w.spots {
		if s.kind != KindBoard || s.handTo != (Place{}) {
			continue
		}
		if areas[s.place.Tenant] == nil {
			areas[s.place.Tenant] = map[string]bool{}
			order = append(order, s.place.Tenant)
		}
		areas[s.place.Tenant][s.unit.Area] = true
	}
	return slices.DeleteFunc(order, func(tenant string) bool { return len(areas[tenant]) < 3 })
}
