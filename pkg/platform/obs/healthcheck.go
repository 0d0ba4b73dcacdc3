package obs

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"
)

// healthcheckPatience is shorter than a container engine's own limit, so that the answer is ours.
const healthcheckPatience = 2 * time.Second

// Healthcheck asks the process that listens on addr, on this machine, whether it is alive. It is for container engines
// that can only run a command: the image has neither a shell nor curl.
func Healthcheck(ctx context.Context, addr string) error {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return errors.New("the address to ask is not host:port")
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(ctx, healthcheckPatience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz", nil)
	if err != nil {
		return err
	}
	// A client of its own: no proxy from the environment stands between a process and itself.
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return errors.New("it answers " + res.Status)
	}
	return nil
}
