//go:build unix

package dbtest

import (
	"errors"
	"os"
	"sync"
)

const (
	envPG    = "LYHORD_TEST_PG_SUPER_DSN"
	envRedis = "LYHORD_TEST_REDIS_ADDR"
)

// servers are the addresses of the test servers.
type servers struct {
	PG    string `json:"pg"`    // superuser, maintenance database
	Redis string `json:"redis"` // host:port
	Error string `json:"error,omitempty"`
}

// theServers are found once per test process.
var theServers = sync.OnceValues(func() (servers, error) {
	srv := servers{PG: os.Getenv(envPG), Redis: os.Getenv(envRedis)}
	switch {
	case srv.PG != "" && srv.Redis != "":
		return srv, nil
	case srv.PG != "" || srv.Redis != "":
		return srv, errors.New("set both " + envPG + " and " + envRedis + ", or none of them")
	}
	return keptServers()
})
