package obs_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"lyhord/pkg/platform/obs"
)

func TestTheHealthcheckFindsTheProcessByTheAddressItListensOn(t *testing.T) {
	t.Parallel()
	alive := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" {
			http.NotFound(w, r)
			return
		}
		obs.Alive(w, r)
	}))
	defer alive.Close()
	_, port, err := net.SplitHostPort(alive.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for _, addr := range []string{":" + port, "0.0.0.0:" + port, "[::]:" + port, "127.0.0.1:" + port} {
		if err := obs.Healthcheck(t.Context(), addr); err != nil {
			t.Errorf("%s: %v", addr, err)
		}
	}
}

func TestTheHealthcheckFailsWhenNobodyAnswersOrTheAnswerIsNo(t *testing.T) {
	t.Parallel()
	ill := httptest.NewServer(http.NotFoundHandler())
	defer ill.Close()
	if err := obs.Healthcheck(t.Context(), ill.Listener.Addr().String()); err == nil {
		t.Error("a server that answers 404 counts as alive")
	}
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for _, addr := range []string{gone.Listener.Addr().String(), "8080", ""} {
		if err := obs.Healthcheck(t.Context(), addr); err == nil {
			t.Errorf("%q counts as alive", addr)
		}
	}
}
