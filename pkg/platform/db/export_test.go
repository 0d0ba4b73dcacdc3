package db

import (
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"lyhord/pkg/platform/authz"
)

// AskCatalogue is the check without its exceptions.
var AskCatalogue = askCatalogue

// Exceptions are the reviewed departures: rule, object, reason.
func Exceptions() [][3]string {
	var all [][3]string
	for _, e := range exceptions {
		all = append(all, [3]string{e.rule, e.object, e.reason})
	}
	return all
}

// RuleTexts are the statements of the check.
func RuleTexts() string {
	all := ""
	for _, name := range ruleFiles {
		text, err := rules.ReadFile("catalogue/" + name + ".sql")
		if err != nil {
			panic(err)
		}
		all += string(text) + "\n"
	}
	return all
}

// Pool is the pool behind a door: tests look at its connections, which nobody else can.
func (d *DB) Pool(door authz.Door) *pgxpool.Pool { return d.pools[door] }

// Hurry shortens the wait for a free connection.
func (d *DB) Hurry(wait time.Duration) { d.acquire = wait }
