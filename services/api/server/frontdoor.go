package server

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"lyhord/pkg/casework"
	"lyhord/pkg/org"
	"lyhord/pkg/platform/authz"
	"lyhord/pkg/platform/cache"
	"lyhord/pkg/platform/clock"
	"lyhord/pkg/platform/httpx"
	"lyhord/pkg/platform/problem"
	"lyhord/services/web/public"
)

// frontDoor is what people without a login reach: the directory of tenants with a public form, and one way to report.
// The pages and the JSON operation go through the same method.
type frontDoor struct {
	orgs  *org.Service
	cases *casework.Service
}

// PublicTenants lists the organisations with a public form.
func (f frontDoor) PublicTenants(ctx context.Context) ([]public.Listing, error) {
	all, err := f.orgs.PublicTenants(ctx)
	out := make([]public.Listing, len(all))
	for i, t := range all {
		out[i] = public.Listing{Slug: t.Slug, Name: t.Name, City: t.City, Kind: t.Kind}
	}
	return out, err
}

// PublicTenant finds one by its name in the address.
func (f frontDoor) PublicTenant(ctx context.Context, slug string) (public.Tenant, error) {
	t, err := f.orgs.PublicTenant(ctx, slug)
	if err != nil {
		return public.Tenant{}, err
	}
	return public.Tenant{ID: t.ID, CityName: t.CityName, Config: t.Config}, nil
}

// PublicTenantID is PublicTenant for those who need no more.
func (f frontDoor) PublicTenantID(ctx context.Context, slug string) (uuid.UUID, error) {
	return f.orgs.PublicTenantID(ctx, slug)
}

// ListPublicUnits lists the places a report can concern.
func (f frontDoor) ListPublicUnits(ctx context.Context, tenant uuid.UUID) ([]public.Unit, error) {
	all, err := f.orgs.PublicUnits(ctx, tenant)
	out := make([]public.Unit, len(all))
	for i, u := range all {
		out[i] = public.Unit{ID: u.ID, Name: u.Name, Area: u.Area}
	}
	return out, err
}

// ReportPublicly hands a report from the form to casework.
func (f frontDoor) ReportPublicly(ctx context.Context, t public.Tenant, r public.Report) (public.Accepted, error) {
	report := casework.Report{
		SenderRole: r.SenderRole, UnitID: r.UnitID, WantsReply: r.WantsReply, Once: r.Once,
		Words: casework.Words{Narrative: r.Narrative, Place: r.Where, Contact: casework.Contact(r.Contact)},
	}
	if r.AboutSomeoneElse {
		report.Words.OnBehalfOf = "Gäller någon annan än den som skrev"
	}
	if !r.Happened.IsZero() {
		at := r.Happened.Start()
		report.HappenedAt = &at
	}
	out, err := f.cases.ReportPublicly(ctx, t.ID, report)
	if err != nil {
		return public.Accepted{}, err
	}
	return public.Accepted{Code: *out.Code, Reference: out.Reference, AnswerBy: out.AnswerBy}, nil
}

type publicReportIn struct {
	Tenant string `path:"tenant" maxLength:"80"`
	Body   struct {
		Narrative  string            `json:"narrative" minLength:"2" maxLength:"20000"`
		Where      string            `json:"where,omitempty" maxLength:"500"`
		UnitID     *uuid.UUID        `json:"unit_id,omitempty" format:"uuid"`
		Happened   string            `json:"happened,omitempty" format:"date"`
		WantsReply string            `json:"wants_reply" enum:"NEJ,KOD,EPOST,TELEFON,BREV"`
		Contact    *casework.Contact `json:"contact,omitempty"`
		SenderRole string            `json:"sender_role,omitempty" enum:"BRUKARE,ANHORIG,FORETRADARE,INVANARE,ALLMANHET,ANONYM"`
	}
}

type publicReportOut struct {
	Body struct {
		Code      string     `json:"code" doc:"Visas bara nu. Med den läser den som skrev svaret."`
		Reference string     `json:"reference"`
		AnswerBy  clock.Date `json:"answer_by"`
	}
}

// Routes registers the JSON twin of the public form.
func (f frontDoor) Routes(api *httpx.API, limiter *cache.Limiter) {
	httpx.Register(api, httpx.Operation{
		ID: "report-publicly", Method: http.MethodPost, Path: "/public/{tenant}/reports", Permission: httpx.ForAnyone, Status: http.StatusCreated,
		Summary: "Lämna en synpunkt eller ett klagomål utan inloggning", MaxBody: 128 << 10,
	}, func(ctx context.Context, _ authz.Actor, in *publicReportIn) (*publicReportOut, error) {
		if err := limiter.Check(ctx, cache.IntakeAddress, httpx.Address(ctx)); err != nil {
			return nil, err
		}
		t, err := f.PublicTenant(ctx, in.Tenant)
		if err != nil {
			return nil, err
		}
		r := public.Report{
			Narrative: in.Body.Narrative, Where: in.Body.Where, UnitID: in.Body.UnitID, WantsReply: in.Body.WantsReply, SenderRole: in.Body.SenderRole,
		}
		if in.Body.Contact != nil {
			r.Contact = public.Contact(*in.Body.Contact)
		}
		if in.Body.Happened != "" {
			if r.Happened, err = clock.ParseDate(in.Body.Happened); err != nil {
				return nil, problem.Invalid(problem.Field("/happened", "Skriv datum som ÅÅÅÅ-MM-DD."))
			}
		}
		got, err := f.ReportPublicly(ctx, t, r)
		if err != nil {
			return nil, err
		}
		out := &publicReportOut{}
		out.Body.Code, out.Body.Reference, out.Body.AnswerBy = got.Code.Text(), got.Reference, got.AnswerBy
		return out, nil
	})
}
