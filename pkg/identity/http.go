package identity

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/httpx"
	"lyhord/pkg/platform/problem"
)

type none struct{}

type sessionOut struct {
	SetCookie []string `header:"Set-Cookie"`
	Body      Session
}

// Routes registers the operations that need no role: a session is enough, or nothing is needed.
func (s *Service) Routes(api *httpx.API) {
	s.sessionRoutes(api)
	s.ssoRoutes(api)
	s.clientRoutes(api)
	type tokenIn struct {
		Body struct {
			ClientID     uuid.UUID `json:"client_id" format:"uuid"`
			ClientSecret string    `json:"client_secret" minLength:"1" maxLength:"200"`
		}
	}
	type tokenOut struct {
		Body struct {
			AccessToken string `json:"access_token"`
			TokenType   string `json:"token_type"`
			ExpiresIn   int    `json:"expires_in" doc:"Sekunder"`
		}
	}
	httpx.Register(api, httpx.Operation{
		ID: "create-token", Method: http.MethodPost, Path: "/token", Permission: httpx.ForAnyone,
		Summary: "Byt ett systems id och hemlighet mot en kortlivad nyckel",
	}, func(ctx context.Context, _ authz.Actor, in *tokenIn) (*tokenOut, error) {
		token, life, err := s.Token(ctx, in.Body.ClientID, in.Body.ClientSecret)
		if err != nil {
			return nil, err
		}
		out := &tokenOut{}
		out.Body.AccessToken, out.Body.TokenType, out.Body.ExpiresIn = token, "Bearer", int(life/time.Second)
		return out, nil
	})
	type demoOut struct {
		Body struct {
			Groups   []DemoGroup `json:"groups"`
			Password string      `json:"password"`
		}
	}
	httpx.Register(api, httpx.Operation{
		ID: "list-demo-logins", Method: http.MethodGet, Path: "/demo/logins", Permission: httpx.ForAnyone,
		Summary: "Visa demons påhittade personer (finns bara i demon)",
	}, func(ctx context.Context, _ authz.Actor, _ *none) (*demoOut, error) {
		groups, password, err := s.DemoLogins(ctx)
		if err != nil {
			return nil, err
		}
		out := &demoOut{}
		out.Body.Groups, out.Body.Password = groups, password
		return out, nil
	})
}

func (s *Service) sessionRoutes(api *httpx.API) {
	type loginIn struct {
		Cookie string `header:"Cookie"`
		Body   struct {
			Login    string `json:"login" minLength:"1" maxLength:"120"`
			Password string `json:"password" minLength:"1" maxLength:"128"`
		}
	}
	httpx.Register(api, httpx.Operation{
		ID: "create-session", Method: http.MethodPost, Path: "/session", Permission: httpx.ForAnyone, Summary: "Logga in",
	}, func(ctx context.Context, _ authz.Actor, in *loginIn) (*sessionOut, error) {
		o, err := s.Login(ctx, in.Body.Login, in.Body.Password, readCookie(in.Cookie, deviceCookie(s.o.Secure)))
		if err != nil {
			return nil, err
		}
		return s.withCookie(o), nil
	})
	httpx.Register(api, httpx.Operation{
		ID: "get-session", Method: http.MethodGet, Path: "/session", Permission: httpx.ForSession, Summary: "Visa vem som är inloggad",
	}, func(ctx context.Context, actor authz.Actor, _ *none) (*sessionOut, error) {
		session, err := s.Session(ctx, actor)
		return &sessionOut{Body: session}, err
	})
	type byeOut struct {
		SetCookie     []string `header:"Set-Cookie"`
		ClearSiteData string   `header:"Clear-Site-Data"`
	}
	httpx.Register(api, httpx.Operation{
		ID: "delete-session", Method: http.MethodDelete, Path: "/session", Permission: httpx.ForSession, Summary: "Logga ut",
	}, func(ctx context.Context, actor authz.Actor, _ *none) (*byeOut, error) {
		if err := s.Logout(ctx, actor); err != nil {
			return nil, err
		}
		return &byeOut{SetCookie: []string{s.cookie(httpx.CookieName(s.o.Secure), "", -1)}, ClearSiteData: `"cache", "storage"`}, nil
	})
	s.deviceRoutes(api)
}

// deviceRoutes are what a person does with sessions besides the one of a day: another organisation, another device.
func (s *Service) deviceRoutes(api *httpx.API) {
	type switchIn struct {
		Body struct {
			Tenant string `json:"tenant" minLength:"1" maxLength:"80"`
		}
	}
	httpx.Register(api, httpx.Operation{
		ID: "switch-tenant", Method: http.MethodPost, Path: "/session/tenant", Permission: httpx.ForSession, Summary: "Byt organisation",
	}, func(ctx context.Context, actor authz.Actor, in *switchIn) (*sessionOut, error) {
		o, err := s.Switch(ctx, actor, in.Body.Tenant)
		if err != nil {
			return nil, err
		}
		return s.withCookie(o), nil
	})
	type devicesOut struct {
		Body struct {
			Items []Device `json:"items"`
		}
	}
	httpx.Register(api, httpx.Operation{
		ID: "list-sessions", Method: http.MethodGet, Path: "/sessions", Permission: httpx.ForSession, Summary: "Visa var du är inloggad",
	}, func(ctx context.Context, actor authz.Actor, _ *none) (*devicesOut, error) {
		all, err := s.Sessions(ctx, actor)
		out := &devicesOut{}
		out.Body.Items = all
		return out, err
	})
	type endIn struct {
		ID uuid.UUID `path:"id" format:"uuid"`
	}
	httpx.Register(api, httpx.Operation{
		ID: "end-session", Method: http.MethodDelete, Path: "/sessions/{id}", Permission: httpx.ForSession, Summary: "Logga ut en annan enhet",
	}, func(ctx context.Context, actor authz.Actor, in *endIn) (*none, error) {
		return nil, s.End(ctx, actor, in.ID)
	})
}

type redirectOut struct {
	Status    int
	Location  string   `header:"Location"`
	SetCookie []string `header:"Set-Cookie"`
}

type ssoStartIn struct {
	Tenant   string `path:"tenant" maxLength:"80"`
	ReturnTo string `query:"return_to" maxLength:"500"`
}

// ssoAnswerIn names what providers are known to add to the answer; an unknown parameter would be refused.
type ssoAnswerIn struct {
	Tenant       string `path:"tenant" maxLength:"80"`
	Code         string `query:"code" maxLength:"4000"`
	State        string `query:"state" maxLength:"200"`
	Issuer       string `query:"iss" maxLength:"500"`
	Error        string `query:"error" maxLength:"200"`
	Description  string `query:"error_description" maxLength:"2000"`
	ErrorURI     string `query:"error_uri" maxLength:"2000"`
	SessionState string `query:"session_state" maxLength:"500"`
	Scope        string `query:"scope" maxLength:"2000"`
	Prompt       string `query:"prompt" maxLength:"100"`
	AuthUser     string `query:"authuser" maxLength:"100"`
	Domain       string `query:"hd" maxLength:"200"`
	Cookie       string `header:"Cookie"`
}

func (s *Service) ssoRoutes(api *httpx.API) {
	httpx.Register(api, httpx.Operation{
		ID: "start-sso", Method: http.MethodGet, Path: "/oidc/{tenant}/start", Permission: httpx.ForAnyone, Status: http.StatusFound,
		Summary: "Logga in hos den egna organisationen",
	}, func(ctx context.Context, _ authz.Actor, in *ssoStartIn) (*redirectOut, error) {
		start, err := s.StartSSO(ctx, in.Tenant, in.ReturnTo)
		if err != nil {
			return s.backToLogin(err), nil
		}
		cookie := s.cookie(stateCookie(s.o.Secure), start.State, int(stateLife/time.Second))
		return &redirectOut{Status: http.StatusFound, Location: start.URL, SetCookie: []string{cookie}}, nil
	})
	httpx.Register(api, httpx.Operation{
		ID: "finish-sso", Method: http.MethodGet, Path: "/oidc/{tenant}/callback", Permission: httpx.ForAnyone, Status: http.StatusFound,
		Summary: "Ta emot svaret från organisationens inloggning",
	}, func(ctx context.Context, _ authz.Actor, in *ssoAnswerIn) (*redirectOut, error) {
		opened, to, err := s.FinishSSO(ctx, in.Tenant, Answer{
			Code: in.Code, State: in.State, Issuer: in.Issuer, Error: in.Error, Cookie: readCookie(in.Cookie, stateCookie(s.o.Secure)),
		})
		done := s.cookie(stateCookie(s.o.Secure), "", -1)
		if err != nil {
			problem.Log(ctx, s.o.Log, "sso refused", err)
			out := s.backToLogin(err)
			out.SetCookie = []string{done}
			return out, nil
		}
		return &redirectOut{Status: http.StatusFound, Location: to, SetCookie: []string{done, s.withCookie(opened).SetCookie[0]}}, nil
	})
}

// loginPage is where a person comes back to who could not be logged in; a page of JSON would help nobody.
const loginPage = "/app/logga-in"

func (s *Service) backToLogin(err error) *redirectOut {
	return &redirectOut{Status: http.StatusFound, Location: loginPage + "?fel=" + problem.From(err).Code}
}

// stateLife is how long somebody may take at the identity provider (sec.begin_oidc).
const stateLife = 10 * time.Minute

// stateCookie holds a login under way; it is never the session's cookie.
func stateCookie(secure bool) string {
	if secure {
		return "__Host-lyhord-login"
	}
	return "lyhord-dev-login"
}

func (s *Service) withCookie(o Opened) *sessionOut {
	out := &sessionOut{SetCookie: []string{s.cookie(httpx.CookieName(s.o.Secure), o.Token, 0)}, Body: o.Session}
	if o.Device != "" {
		out.SetCookie = append(out.SetCookie, s.cookie(deviceCookie(s.o.Secure), o.Device, int(deviceLife/time.Second)))
	}
	return out
}

// deviceLife is how long a browser is known after a login with a password (sec.password_proven).
const deviceLife = 90 * 24 * time.Hour

// deviceCookie tells that somebody has logged in from this browser before. It opens nothing: the password is asked for.
func deviceCookie(secure bool) string {
	if secure {
		return "__Host-lyhord-device"
	}
	return "lyhord-dev-device"
}

// cookie is Lax, not Strict: the way back from an identity provider is a navigation from another site. How long a session
// lives is the database's business; the browser forgets the cookie when it closes.
func (s *Service) cookie(name, value string, maxAge int) string {
	c := http.Cookie{Name: name, Value: value, Path: "/", MaxAge: maxAge, Secure: s.o.Secure, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	return c.String()
}

func readCookie(header, name string) string {
	all, err := http.ParseCookie(header)
	if err != nil {
		return ""
	}
	for _, c := range all {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}
