package jobs

import "lyhord/pkg/platform/obs"

// Results of a run, as the metric lyhord_job_runs_total counts them.
const (
	resultDone     = "done"
	resultFailed   = "failed"   // again later
	resultDead     = "dead"     // given up: somebody must look
	resultRepeated = "repeated" // another run had done it
)

// metrics are the figures of one worker.
type metrics struct {
	runs    *obs.Counter
	seconds *obs.Histogram
	rung    *obs.Counter
	fired   *obs.Counter
	faults  *obs.Counter
	open    *obs.Gauge
	oldest  *obs.Gauge
	dead    *obs.Gauge
}

func newMetrics(m *obs.Metrics) *metrics {
	return &metrics{
		runs:    m.Counter("job_runs_total", "Runs of jobs by kind and result: done, failed, dead, repeated.", "kind", "result"),
		seconds: m.Histogram("job_seconds", "How long runs of jobs took.", []float64{.005, .02, .05, .1, .5, 1, 5, 20}, "kind"),
		rung:    m.Counter("job_rings_total", "Jobs rung in Redis."),
		fired:   m.Counter("timers_fired_total", "Timers that became jobs."),
		faults:  m.Counter("relay_faults_total", "Rounds of the relay that failed, by code.", "code"),
		open:    m.Gauge("outbox_open", "Jobs neither done nor dead."),
		oldest:  m.Gauge("outbox_oldest_seconds", "Age of the oldest open job."),
		dead:    m.Gauge("outbox_dead", "Jobs given up, until somebody has revived them."),
	}
}
