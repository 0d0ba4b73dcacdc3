package jobs

import "github.com/prometheus/client_golang/prometheus"

// Results of a run, as the metric lyhord_job_runs_total counts them.
const (
	resultDone     = "done"
	resultFailed   = "failed"   // again later
	resultDead     = "dead"     // given up: somebody must look
	resultRepeated = "repeated" // another run had done it
)

type metrics struct {
	runs    *prometheus.CounterVec
	seconds *prometheus.HistogramVec
	rung    prometheus.Counter
	fired   prometheus.Counter
	faults  *prometheus.CounterVec
	open    prometheus.Gauge
	oldest  prometheus.Gauge
}

func newMetrics(reg prometheus.Registerer) (*metrics, error) {
	m := &metrics{
		runs: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "lyhord_job_runs_total", Help: "Runs of jobs by kind and result: done, failed, dead, repeated."}, []string{"kind", "result"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "lyhord_job_seconds", Help: "Duration of runs by kind.", Buckets: []float64{.005, .02, .05, .1, .5, 1, 5, 20}}, []string{"kind"}),
		rung: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "lyhord_job_rings_total", Help: "Rings of jobs in Redis."}),
		fired: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "lyhord_timers_fired_total", Help: "Timers that became jobs."}),
		faults: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "lyhord_relay_faults_total", Help: "Rounds of the relay that failed, by code."}, []string{"code"}),
		open: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "lyhord_outbox_open", Help: "Jobs neither done nor dead."}),
		oldest: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "lyhord_outbox_oldest_seconds", Help: "Age of the oldest open job."}),
	}
	if reg == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{m.runs, m.seconds, m.rung, m.fired, m.faults, m.open, m.oldest} {
		if err := reg.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}
