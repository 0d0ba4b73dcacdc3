package jobs

import "time"

// Kind names a sort of job. The names are the contract between the domain that writes the outbox row and the domain
// that has the handler, which must not import each other; that is why they stand here and not with either.
type Kind string

// The kinds. Ref is the case unless said otherwise.
const (
	NotifyCaseReceived  Kind = "notify-case-received"
	NotifyAssigned      Kind = "notify-assigned"
	NotifyConsultation  Kind = "notify-consultation"
	NotifyDecided       Kind = "notify-decided"
	NotifyDelegated     Kind = "notify-delegated"
	NotifyMeasureOwner  Kind = "notify-measure-owner" // ref: the measure
	NotifyReporterWrote Kind = "notify-reporter-wrote"
	NotifyLexHeld       Kind = "notify-lex-held"
	NotifyLexDelegated  Kind = "notify-lex-delegated"
	NotifyLexProposed   Kind = "notify-lex-proposed"
	UpdateFact          Kind = "update-fact"
	AcknowledgeCase     Kind = "acknowledge-case"    // the writer is told that it has come
	NotifyAcknowledged  Kind = "notify-acknowledged" // by mail as well
	RenderRecord        Kind = "render-record"       // ref: the record
	ScanRecord          Kind = "scan-record"         // ref: the record
	ConsultCheck        Kind = "consult-check"       // is the superior who was asked still there to answer?

	// Jobs of the tenant itself, again and again. Ref is the tenant, or who asked for one in between.
	SealTrail      Kind = "seal-trail"
	DrawLogSamples Kind = "draw-log-samples"

	// Timers. A case that is past the step when its timer fires makes no noise.
	DeadlineRegisterWarn    Kind = "deadline-register-warn"
	DeadlineRegisterLate    Kind = "deadline-register-late"
	DeadlineStartWarn       Kind = "deadline-start-warn"
	DeadlineStartLate       Kind = "deadline-start-late"
	DeadlineConsultWarn     Kind = "deadline-consult-warn"
	DeadlineConsultLate     Kind = "deadline-consult-late"
	DeadlineAnswerWarn      Kind = "deadline-answer-warn"
	DeadlineAnswerLate      Kind = "deadline-answer-late"
	DeadlineMeasureWarn     Kind = "deadline-measure-warn"      // ref: the measure
	DeadlineMeasureLate     Kind = "deadline-measure-late"      // ref: the measure
	DeadlineMeasureFollowUp Kind = "deadline-measure-follow-up" // ref: the measure

	DeadlineRegisterEscalate    Kind = "deadline-register-escalate" // one step up, when what is late stays late
	DeadlineStartEscalate       Kind = "deadline-start-escalate"
	DeadlineConsultEscalate     Kind = "deadline-consult-escalate"
	DeadlineAnswerEscalate      Kind = "deadline-answer-escalate"
	DeadlineFollowUpLate        Kind = "deadline-measure-follow-up-late"     // ref: the measure
	DeadlineFollowUpEscalate    Kind = "deadline-measure-follow-up-escalate" // ref: the measure
	DeadlineAcknowledgeWarn     Kind = "deadline-acknowledge-warn"
	DeadlineAcknowledgeLate     Kind = "deadline-acknowledge-late"
	DeadlineAcknowledgeEscalate Kind = "deadline-acknowledge-escalate"
	DeadlineLexReceiveLate      Kind = "deadline-lex-receive-late"
	DeadlineLexStartLate        Kind = "deadline-lex-start-late"
	DeadlineLexDoneWarn         Kind = "deadline-lex-done-warn"
	DeadlineLexDoneLate         Kind = "deadline-lex-done-late"
	DeadlineLexIVOLate          Kind = "deadline-lex-ivo-late"
)

// Queue is a line of waiting jobs. Each has a server of its own, so that a slow mail server delays mails only.
type Queue string

// The queues. The bell is no job: it is how one process wakes the relay of another.
const (
	QueueMail  Queue = "mail"
	QueueFacts Queue = "facts"
	QueueFiles Queue = "files"
	queueBell  Queue = "bell"
)

var jobQueues = []Queue{QueueMail, QueueFacts, QueueFiles}

// Spec says how a kind is run.
type Spec struct {
	Queue    Queue
	Timeout  time.Duration // of one run; shorter than the lease, so that a hung run is over before the next ring
	MaxTries int           // then the row is dead and somebody has to look
}

// Kinds are the kinds of the product. With the delays of retryDelay sixty tries last about a day: a mail server
// that is away over night loses no reminder.
func Kinds() map[Kind]Spec {
	mail := Spec{Queue: QueueMail, Timeout: 20 * time.Second, MaxTries: 60}
	fact := Spec{Queue: QueueFacts, Timeout: 10 * time.Second, MaxTries: 60}
	// A scanner or a store that is away for a weekend loses no file; a file is scanned within the lease.
	file := Spec{Queue: QueueFiles, Timeout: 25 * time.Second, MaxTries: 150}
	return map[Kind]Spec{
		NotifyCaseReceived: mail, NotifyAssigned: mail, NotifyConsultation: mail, NotifyDecided: mail,
		NotifyDelegated: mail, NotifyMeasureOwner: mail, NotifyReporterWrote: mail,
		DeadlineRegisterWarn: mail, DeadlineRegisterLate: mail, DeadlineStartWarn: mail, DeadlineStartLate: mail,
		DeadlineConsultWarn: mail, DeadlineConsultLate: mail, DeadlineAnswerWarn: mail, DeadlineAnswerLate: mail,
		DeadlineMeasureWarn: mail, DeadlineMeasureLate: mail, DeadlineMeasureFollowUp: mail,
		SealTrail: fact, DrawLogSamples: fact,
		DeadlineRegisterEscalate: mail, DeadlineStartEscalate: mail, DeadlineConsultEscalate: mail, DeadlineAnswerEscalate: mail,
		DeadlineFollowUpLate: mail, DeadlineFollowUpEscalate: mail,
		DeadlineAcknowledgeWarn: mail, DeadlineAcknowledgeLate: mail, DeadlineAcknowledgeEscalate: mail,
		AcknowledgeCase: fact, NotifyAcknowledged: mail,
		NotifyLexHeld: mail, NotifyLexDelegated: mail, NotifyLexProposed: mail,
		DeadlineLexReceiveLate: mail, DeadlineLexStartLate: mail, DeadlineLexDoneWarn: mail, DeadlineLexDoneLate: mail, DeadlineLexIVOLate: mail,
		UpdateFact: fact, ConsultCheck: fact,
		RenderRecord: file, ScanRecord: file,
	}
}

// retryDelay is how long a job rests after a failed try: doubling from one second to half an hour.
func retryDelay(attempt int) time.Duration {
	const longest = 30 * time.Minute
	if attempt > 11 {
		return longest
	}
	return min(time.Second<<max(attempt-1, 0), longest)
}
