// Package httpx is the HTTP edge: the Gin engine, huma operations bound to permissions, sessions from cookie or bearer,
// strict JSON in, RFC 9457 problems out. It must not know any business word; it is the only importer of Gin.
// Tests drive it over real HTTP.
package httpx

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"path"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/problem"
)

// Permissions that are not roles' business.
const (
	// ForAnyone marks an operation without a session: login, the public form.
	ForAnyone = "anyone"
	// ForSession marks an operation every live session may call: who am I, log out.
	ForSession = "session"
)

// Authenticate turns a session token into an Actor, or problem.Unauthorized.
type Authenticate func(ctx context.Context, token string) (authz.Actor, error)

// API is where domains register their operations.
type API struct {
	huma         huma.API
	policy       *authz.Policy
	authenticate Authenticate
	cookie       string
	log          *slog.Logger
	seen         func(context.Context, authz.Actor) // tells the request log whose session it is
	refused      func(context.Context, authz.Actor, Refusal)
	ops          map[string]string // operation id -> permission
}

// Options of an API.
type Options struct {
	Engine       *gin.Engine
	Policy       *authz.Policy
	Authenticate Authenticate
	Secure       bool // https: the __Host- cookie
	Version      string
	Log          *slog.Logger
	Seen         func(context.Context, authz.Actor)
	Refused      func(context.Context, authz.Actor, Refusal) // writes down what somebody with a session tried in vain
}

// Refusal is an act that did not happen: which, about what, and whether there was nothing to be found.
type Refusal struct {
	Operation string
	Tried     uuid.UUID // the {id} of the path; Nil where there is none
	Missing   bool
}

// CookieName is the session cookie: __Host- over https, a plain name on a development machine.
func CookieName(secure bool) string {
	if secure {
		return "__Host-lyhord"
	}
	return "lyhord-dev"
}

// New makes the API below /api/v1.
func New(o Options) *API {
	ourErrors()
	cfg := huma.DefaultConfig("Lyhörd", o.Version)
	cfg.OpenAPIPath, cfg.DocsPath, cfg.SchemasPath = "/api/v1/openapi", "", ""
	cfg.CreateHooks = nil // no $schema links in answers
	cfg.Transformers = nil
	cfg.Formats = map[string]huma.Format{"application/json": {Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: Unmarshal}}
	cfg.Formats["json"] = cfg.Formats["application/json"]
	cfg.DefaultFormat = "application/json" // whatever Accept says, also when it is missing
	cfg.RejectUnknownQueryParameters = true
	cfg.Info.Description = "Synpunkter, klagomål och avvikelser. Varje operation har en behörighet (x-permission)."
	cfg.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: CookieName(true)},
		"bearer":  {Type: "http", Scheme: "bearer"},
	}
	if o.Seen == nil {
		o.Seen = func(context.Context, authz.Actor) {}
	}
	if o.Refused == nil {
		o.Refused = func(context.Context, authz.Actor, Refusal) {}
	}
	return &API{
		refused: o.Refused,
		huma:    humagin.New(o.Engine, cfg), policy: o.Policy, authenticate: o.Authenticate,
		cookie: CookieName(o.Secure), log: o.Log, seen: o.Seen, ops: map[string]string{},
	}
}

// ourErrors replaces huma's own errors, once: they are variables of the package.
var ourErrors = sync.OnceFunc(func() {
	huma.ValidateStrictCasing = true
	huma.NewError = func(status int, _ string, errs ...error) huma.StatusError { return newError("", status, errs) }
	huma.NewErrorWithContext = func(c huma.Context, status int, _ string, errs ...error) huma.StatusError {
		return newError(RequestID(c.Context()), status, errs)
	}
})

// schemaName puts the package before the type's name: two domains may each have a Unit.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	domain := path.Base(t.PkgPath())
	if domain == "." || domain == "" {
		return name
	}
	return strings.ToUpper(domain[:1]) + domain[1:] + name
}

// OpenAPI is the document as JSON.
func (a *API) OpenAPI() ([]byte, error) { return a.huma.OpenAPI().MarshalJSON() }

// Operations lists operation id -> permission of everything registered.
func (a *API) Operations() map[string]string { return maps.Clone(a.ops) }

// CheckPolicy compares operations and policy both ways; any difference must stop the process.
func (a *API) CheckPolicy() error {
	granted := a.policy.Permissions()
	var wrong []string
	used := map[string]bool{}
	for id, perm := range a.ops {
		used[perm] = true
		if perm != ForAnyone && perm != ForSession && !slices.Contains(granted, perm) {
			wrong = append(wrong, id+" needs "+perm+", which no role is granted")
		}
	}
	for _, perm := range granted {
		if !used[perm] {
			wrong = append(wrong, perm+" is granted but no operation needs it")
		}
	}
	if len(wrong) > 0 {
		slices.Sort(wrong)
		return fmt.Errorf("policy and operations differ: %s", strings.Join(wrong, "; "))
	}
	return nil
}

// Operation describes one act. ID is kebab-case and names the permission and the event: report-case, case:report, case.reported.
type Operation struct {
	ID         string
	Method     string
	Path       string // below /api/v1
	Permission string // "case:report", ForAnyone or ForSession
	Summary    string // Swedish, for the documentation
	Status     int    // default 200, or 204 without a body
	MaxBody    int64  // bytes; default 64 KiB
}

// Register binds a handler to an operation. The permission is checked before the body is read.
func Register[I, O any](a *API, op Operation, handle func(ctx context.Context, actor authz.Actor, in *I) (*O, error)) {
	if _, twice := a.ops[op.ID]; twice || op.Permission == "" {
		panic("operation " + op.ID + " is registered twice or has no permission")
	}
	a.ops[op.ID] = op.Permission
	h := huma.Operation{
		OperationID: op.ID, Method: op.Method, Path: "/api/v1" + op.Path, Summary: op.Summary, DefaultStatus: op.Status,
		MaxBodyBytes: op.MaxBody, Tags: []string{strings.Split(strings.Trim(op.Path, "/"), "/")[0]},
		Extensions:  map[string]any{"x-permission": op.Permission},
		Middlewares: huma.Middlewares{a.guard(op)},
		Errors:      []int{http.StatusNotFound},
	}
	if h.MaxBodyBytes == 0 {
		h.MaxBodyBytes = 64 << 10
	}
	if op.Permission != ForAnyone {
		h.Security = []map[string][]string{{"session": {}}, {"bearer": {}}}
	}
	huma.Register(a.huma, h, func(ctx context.Context, in *I) (*O, error) {
		actor, _ := ctx.Value(actorKey{}).(authz.Actor)
		out, err := handle(ctx, actor, in)
		if err != nil {
			a.tell(ctx, actor, op.ID, err)
			return nil, a.answer(ctx, err)
		}
		return out, nil
	})
}

type (
	actorKey     struct{}
	operationKey struct{}
	triedKey     struct{}
)

// OperationID is the operation that serves the request in ctx, or empty.
func OperationID(ctx context.Context) string {
	s, _ := ctx.Value(operationKey{}).(string)
	return s
}

// tell says that an act was refused or its object missing. What is our own fault or asked to wait is no refusal.
func (a *API) tell(ctx context.Context, actor authz.Actor, operation string, err error) {
	p := problem.From(err)
	if actor.ID == uuid.Nil || p.Kind.Status() >= http.StatusInternalServerError || p.Kind == problem.KindRateLimited || p.Kind == problem.KindUnauthorized {
		return
	}
	tried, _ := ctx.Value(triedKey{}).(uuid.UUID)
	a.refused(ctx, actor, Refusal{Operation: operation, Tried: tried, Missing: p.Kind == problem.KindNotFound || p.Kind == problem.KindGone})
}

// guard finds the actor and asks the policy, before the body is read.
func (a *API) guard(op Operation) func(huma.Context, func(huma.Context)) {
	permission := op.Permission
	return func(c huma.Context, next func(huma.Context)) {
		c = huma.WithValue(c, operationKey{}, op.ID)
		if tried, err := uuid.Parse(c.Param("id")); err == nil {
			c = huma.WithValue(c, triedKey{}, tried)
		}
		if permission == ForAnyone {
			next(c)
			return
		}
		actor, err := a.authenticate(c.Context(), a.token(c))
		if err == nil && permission != ForSession && !a.policy.May(actor, permission) {
			err = problem.Forbidden()
		}
		if err != nil {
			a.tell(c.Context(), actor, op.ID, err)
			a.refuse(c, err)
			return
		}
		a.seen(c.Context(), actor)
		next(huma.WithValue(c, actorKey{}, actor))
	}
}

// token is the bearer token of a machine or the session cookie of a person, never both.
func (a *API) token(c huma.Context) string {
	if h := c.Header("Authorization"); h != "" {
		t, ok := strings.CutPrefix(h, "Bearer ")
		if !ok {
			return ""
		}
		return t
	}
	ck, err := huma.ReadCookie(c, a.cookie)
	if err != nil {
		return ""
	}
	return ck.Value
}

// answer logs an error once and makes it safe.
func (a *API) answer(ctx context.Context, err error) error {
	problem.Log(ctx, a.log, "operation refused", err)
	return problem.From(err).Wire(RequestID(ctx))
}

func (a *API) refuse(c huma.Context, err error) {
	w := problem.From(err).Wire(RequestID(c.Context()))
	for k, vs := range w.GetHeaders() {
		for _, v := range vs {
			c.SetHeader(k, v)
		}
	}
	c.SetHeader("Content-Type", problem.MediaType)
	c.SetStatus(w.Status)
	_ = a.huma.Marshal(c.BodyWriter(), "application/json", w)
}

// newError replaces huma's own: its texts may quote what was sent, ours never do.
func newError(requestID string, status int, errs []error) huma.StatusError {
	p := problem.FromStatus(status)
	for _, err := range errs {
		if known := asProblem(err); known != nil {
			return known.Wire(requestID)
		}
		d, ok := err.(huma.ErrorDetailer)
		if !ok {
			continue
		}
		if fault := problemFromFault(d.ErrorDetail().Message); fault != nil {
			return fault.Wire(requestID)
		}
		p = p.WithFields(field(d.ErrorDetail()))
	}
	return p.Wire(requestID)
}
