// Package org is the organisation: cities and tenants with their rules, the dated tree of units, who leads what, the people,
// and the calendar that deadlines are counted in.
//
// It must not know a case or a state, and it writes nothing: the organisation comes from the configuration
// (services/migrate). What it reads is what PostgreSQL shows to the scope that asks.
//
// Tests of the calendar and the deadlines are tables and properties; the rest runs against a real PostgreSQL, with units
// that move, managers who leave and managers who are complained about.
package org

import (
	"time"

	"github.com/google/uuid"
)

// Handler is the manager a case goes to, and why it is this one.
type Handler struct {
	PersonID  uuid.UUID
	Name      string
	Title     string
	UnitID    uuid.UUID // the unit the person leads
	UnitName  string
	SteppedUp bool   // the nearest manager was passed over because of jäv
	Reason    string // a sentence for the registrar
}

// Named is an id with the words people know it by.
type Named struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
}

// Unit is a unit with its place in the tree today.
type Unit struct {
	ID       uuid.UUID  `json:"id" db:"id"`
	Name     string     `json:"name" db:"name"`
	Kind     string     `json:"kind" db:"kind" enum:"FORVALTNING,AVDELNING,ENHET"`
	Area     *string    `json:"area" db:"area"`
	Regi     *string    `json:"regi" db:"regi"`
	ParentID *uuid.UUID `json:"parent_id" db:"parent_id"`
	Path     []string   `json:"path" db:"path" doc:"Namnen på enheterna ovanför, uppifrån"`
	Manager  *Named     `json:"manager" db:"manager"`
	InSight  bool       `json:"in_sight" db:"in_sight" doc:"Om personen ser enhetens ärenden"`
}

// Person is somebody who works here.
type Person struct {
	ID       uuid.UUID `json:"id" db:"id"`
	Name     string    `json:"name" db:"name"`
	Title    string    `json:"title" db:"title"`
	UnitName *string   `json:"unit_name" db:"unit_name"`
}

// Purposes of a list of people.
const (
	ForDelegation = "delegate" // who may investigate for a manager
	ForOwnership  = "owner"    // who may carry out a measure
	ForHandling   = "handle"   // who may handle a case
)

// Managers are the roles that handle cases (req. 32).
var Managers = []string{"chef", "avdelningschef"}

// PublicTenant is an organisation that takes reports from anyone, with its rules in force.
type PublicTenant struct {
	ID       uuid.UUID
	Slug     string
	Name     string
	Kind     string
	CityName string
	Config   Config
}

// Listing is an organisation in the list to choose from.
type Listing struct {
	Slug string `db:"slug"`
	Name string `db:"name"`
	City string `db:"city"`
	Kind string `db:"kind"`
}

// PublicUnit is a place a report from the public can concern.
type PublicUnit struct {
	ID   uuid.UUID `db:"id"`
	Name string    `db:"name"`
	Area string    `db:"area"`
}

// configAge is how long a tenant's rules are trusted before they are read again. They change a few times a year.
const configAge = 30 * time.Second
