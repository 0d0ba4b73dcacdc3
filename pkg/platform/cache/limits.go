package cache

import "time"

// Behaviour is what a limit does while Redis is gone.
type Behaviour uint8

const (
	// Local counts in this process alone, with the limit's share.
	Local Behaviour = iota
	// Closed allows nothing.
	Closed
	// Open allows everything.
	Open
)

// Limit is how often something may happen: Rate times at once, and again Rate
// times in each Period.
type Limit struct {
	Name     string // in metrics and keys
	Rate     int
	Period   time.Duration
	WhenDown Behaviour
	Share    int // Local: this process allows Rate/Share (0 means all of it)
}

// The limits of the product. Who only guesses is stopped also without Redis; who
// has something to tell is never lost, at most asked to wait.
var (
	LoginAccount = Limit{Name: "login_account", Rate: 5, Period: 15 * time.Minute, Share: 5}
	// A whole office logs in from one address at seven in the morning; what guesses is stopped per account.
	LoginAddress  = Limit{Name: "login_address", Rate: 300, Period: 10 * time.Minute}
	IntakeAddress = Limit{Name: "intake_address", Rate: 5, Period: 10 * time.Minute}
	IntakeDay     = Limit{Name: "intake_day", Rate: 30, Period: 24 * time.Hour}
	IntakeTenant  = Limit{Name: "intake_tenant", Rate: 120, Period: time.Hour}
	ReceiptCode   = Limit{Name: "receipt_code", Rate: 5, Period: 15 * time.Minute, WhenDown: Closed}
	ReceiptAll    = Limit{Name: "receipt_all", Rate: 20, Period: time.Minute}
	Search        = Limit{Name: "search", Rate: 60, Period: 5 * time.Minute}
	Export        = Limit{Name: "export", Rate: 20, Period: 5 * time.Minute}
	Download      = Limit{Name: "download", Rate: 120, Period: 5 * time.Minute}
)

// Limits lists them all, for the documentation and the metrics.
var Limits = []Limit{
	LoginAccount, LoginAddress, IntakeAddress, IntakeDay, IntakeTenant, ReceiptCode, ReceiptAll, Search, Export, Download,
}

// local is the limit that one process keeps alone.
func (l Limit) local() Limit {
	if l.Share > 1 {
		l.Rate = max(1, l.Rate/l.Share)
	}
	return l
}
