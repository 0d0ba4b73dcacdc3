package server_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
)

func TestAProvidersOwnSystemReportsWithAShortKeyAndSeesOnlyWhatItSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.as("tenant_admin@bromma.demo")
	made := admin.send("POST", "/clients", nil, map[string]any{"name": "Kvalitetssystemet", "scopes": []string{"case:report"}}).want(http.StatusCreated)
	admin.send("POST", "/clients", nil, map[string]any{"name": "För mycket", "scopes": []string{"case:register"}}).want(http.StatusUnprocessableEntity)
	key := w.nobody().send("POST", "/token", nil, map[string]any{"client_id": made.str("id"), "client_secret": made.str("client_secret")}).want(http.StatusOK).str("access_token")
	machine := func(method, path string, body any) reply {
		return w.nobody().send(method, path, map[string]string{"Authorization": "Bearer " + key, "Idempotency-Key": uuid.NewString()}, body)
	}
	sent := machine("POST", "/cases", map[string]any{"unit_id": w.home("bromma"), "harm": "NEJ", "narrative": "Skickat av ett system."}).want(http.StatusCreated)
	machine("GET", "/cases", nil).want(http.StatusForbidden)
	if c := w.as("registrator@bromma.demo").open(sent.str("id")); c.at("reporter") != nil {
		t.Fatalf("a machine is shown as a person: %s", c.text)
	}
	admin.send("DELETE", "/clients/"+made.str("id"), nil, nil).want(http.StatusNoContent)
	machine("POST", "/cases", map[string]any{"unit_id": w.home("bromma"), "harm": "NEJ", "narrative": "För sent."}).want(http.StatusUnauthorized)
}
