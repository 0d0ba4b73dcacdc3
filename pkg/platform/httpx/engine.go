package httpx

import (
	"context"
	"net/http"
	"net/netip"
	"time"

	"github.com/gin-gonic/gin"
)

// Engine is the router. Nobody else needs to know whose.
type Engine = gin.Engine

// NewEngine is a Gin engine that trusts only the named proxies and logs nothing by itself.
// Gin's own logger writes query strings and its recovery dumps headers; obs does both without.
// routed is told the template of the route that serves a request, such as /api/v1/cases/:id, for the request log.
func NewEngine(trustedProxies []string, routed func(context.Context, string)) (*Engine, error) {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.HandleMethodNotAllowed = true
	e.RedirectTrailingSlash = false
	e.Use(func(c *gin.Context) { routed(c.Request.Context(), c.FullPath()) })
	if err := e.SetTrustedProxies(trustedProxies); err != nil {
		return nil, err
	}
	return e, nil
}

// Mount serves a plain handler under a path of the engine (and everything below it where the path ends in "/*rest").
func Mount(e *Engine, path string, h http.Handler) {
	e.Any(path, gin.WrapH(h))
}

// Otherwise serves what no route matches.
func Otherwise(e *Engine, h http.Handler) {
	e.NoRoute(gin.WrapH(h))
	e.NoMethod(gin.WrapH(h))
}

// NewServer is an http.Server with the time limits that end slow and half-open connections.
func NewServer(addr string, h http.Handler) *http.Server {
	return &http.Server{
		Addr: addr, Handler: h, ReadHeaderTimeout: 3 * time.Second, ReadTimeout: 10 * time.Second,
		WriteTimeout: 20 * time.Second, IdleTimeout: 30 * time.Second, MaxHeaderBytes: 16 << 10,
	}
}

type addressKey struct{}

// Addresses puts the client's address, as the trusted proxies tell it, into the context. It is for rate limits only and is never stored.
func Addresses(e *Engine) {
	e.Use(func(c *gin.Context) {
		c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), addressKey{}, c.ClientIP()))
	})
}

// Address is the client's address of the request in ctx.
func Address(ctx context.Context) string {
	a, _ := ctx.Value(addressKey{}).(string)
	return a
}

// Network widens an address ("192.0.2.7" or "192.0.2.7:4711") to its network, /24 or /64. One that cannot be read is "".
func Network(addr string) string {
	ip, err := netip.ParseAddr(addr)
	if err != nil {
		pair, err := netip.ParseAddrPort(addr)
		if err != nil {
			return ""
		}
		ip = pair.Addr()
	}
	ip = ip.Unmap()
	bits := 64
	if ip.Is4() {
		bits = 24
	}
	prefix, err := ip.WithZone("").Prefix(bits)
	if err != nil {
		return ""
	}
	return prefix.String()
}
