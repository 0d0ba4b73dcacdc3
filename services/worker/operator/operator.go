// Package operator is what somebody at a terminal does with jobs that were given up: sees that there are some, and lets
// them be tried again when the cause is mended. It shows ids and kinds, never what a job was about.
//
// It is tested on a real database through the command's own entry.
package operator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/config"
	"lyhord/pkg/platform/db"
	"lyhord/pkg/platform/jobs"
)

// Usage names the commands.
const Usage = "dead, revive ID …, revive-kind KIND …"

const mostShown = 1000

// Run does one command: dead, revive or revive-kind.
func Run(ctx context.Context, c config.Worker, args []string, out io.Writer) error {
	d, err := db.Open(ctx, map[authz.Door]string{authz.DoorRelay: c.DSN.Relay.Reveal()})
	if err != nil {
		return err
	}
	defer d.Close()
	switch {
	case len(args) == 1 && args[0] == "dead":
		return list(ctx, d, out)
	case len(args) > 1 && (args[0] == "revive" || args[0] == "revive-kind"):
		return revive(ctx, d, args, out)
	}
	return errors.New("the commands are: " + Usage)
}

func list(ctx context.Context, d *db.DB, out io.Writer) error {
	all, err := jobs.ListDead(ctx, d, mostShown)
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(t, "ID\tKIND\tTENANT\tDEAD SINCE\tTRIES\tCODE")
	for _, j := range all {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%d\t%s\n", j.ID, j.Kind, j.Tenant, j.DeadAt.UTC().Format("2006-01-02 15:04"), j.Attempts, j.Code)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%d dead jobs\n", len(all))
	return err
}

func revive(ctx context.Context, d *db.DB, args []string, out io.Writer) error {
	ids, kinds := []uuid.UUID{}, []jobs.Kind{}
	for _, a := range args[1:] {
		if args[0] == "revive-kind" {
			kinds = append(kinds, jobs.Kind(a))
			continue
		}
		id, err := uuid.Parse(a)
		if err != nil {
			return fmt.Errorf("%q is no id", a)
		}
		ids = append(ids, id)
	}
	n, err := jobs.Revive(ctx, d, ids, kinds)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%d jobs will be tried again\n", n)
	return err
}
