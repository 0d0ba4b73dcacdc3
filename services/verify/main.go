// Command verify checks an export of a tenant's trail (who read and changed what) without any system at hand: no
// database, no network. It names each row that was changed, dropped, put in or moved since it was sealed.
//
//	verify FILE                     an export, JSON lines; - is standard input
//	verify -anchor 12:4f… FILE      block 12 must have this hash, known from an earlier export or a printed one
//
// It ends with 0 when everything is as it was sealed, 1 when something is not, 2 when the file cannot be read.
package main

import (
	"encoding/hex"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"lyhord/pkg/audit/chain"
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

const (
	sound = iota
	unsound
	unreadable
)

func run(args []string, in io.Reader, out, errs io.Writer) int {
	var anchors []chain.Anchor
	flags := flag.NewFlagSet("verify", flag.ContinueOnError)
	flags.SetOutput(errs)
	flags.Func("anchor", "a block known before, as NUMBER:HASH; may be given several times", func(s string) error {
		a, err := chain.ParseAnchor(s)
		anchors = append(anchors, a)
		return err
	})
	if err := flags.Parse(args); err != nil {
		return unreadable
	}
	if flags.NArg() != 1 {
		fmt.Fprintln(errs, "usage: verify [-anchor NUMBER:HASH] FILE")
		return unreadable
	}
	if name := flags.Arg(0); name != "-" {
		f, err := os.Open(name) //nolint:gosec // the file its caller names
		if err != nil {
			fmt.Fprintln(errs, err)
			return unreadable
		}
		defer f.Close()
		in = f
	}
	start := time.Now()
	r, err := chain.Verify(in, anchors...)
	if err != nil {
		fmt.Fprintln(errs, err)
		return unreadable
	}
	for _, f := range r.Findings {
		fmt.Fprintln(out, f)
	}
	took := time.Since(start)
	fmt.Fprintf(out, "tenant %s: %d rows in %d blocks, %d not sealed yet, read in %s\n", r.Tenant, r.Rows-r.Open, r.Blocks, r.Open, took.Round(time.Millisecond))
	fmt.Fprintf(out, "head %d:%s\n", r.Head.No, hex.EncodeToString(r.Head.Hash[:]))
	if len(r.Findings) > 0 {
		fmt.Fprintf(out, "%d things are not as they were sealed\n", len(r.Findings))
		return unsound
	}
	fmt.Fprintln(out, "everything is as it was sealed")
	return sound
}
