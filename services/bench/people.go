//go:build unix

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"lyhord/pkg/platform/httpx"
)

// browser keeps its connections: what we measure is requests.
var browser = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 256}}

// person is somebody logged in to the api.
type person struct {
	base  string
	token string
}

// logIn opens a session at an api.
func (t *town) logIn(ctx context.Context, api *part, login string) (*person, error) {
	body, err := json.Marshal(map[string]string{"login": login, "password": t.password})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+api.addr+"/api/v1/session", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := browser.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, res.Body)
	for _, c := range res.Cookies() {
		if c.Name == httpx.CookieName(false) {
			return &person{base: "http://" + api.addr + "/api/v1", token: c.Value}, nil
		}
	}
	return nil, fmt.Errorf("%s cannot log in: status %d", login, res.StatusCode)
}

// request is what call sends.
type request struct {
	method, url string
	header      map[string]string
	body        []byte
	want        int
}

// call sends a request and gives the answer's body.
func call(ctx context.Context, r request) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, r.method, r.url, bytes.NewReader(r.body))
	if err != nil {
		return nil, err
	}
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for k, v := range r.header {
		req.Header.Set(k, v)
	}
	res, err := browser.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != r.want {
		err = fmt.Errorf("%s %s: status %d: %.200s", r.method, r.url, res.StatusCode, text)
	}
	return text, err
}

func (p *person) cookie() string { return httpx.CookieName(false) + "=" + p.token }

func (p *person) get(ctx context.Context, path string) ([]byte, error) {
	return call(ctx, request{method: http.MethodGet, url: p.base + path, header: map[string]string{"Cookie": p.cookie()}, want: http.StatusOK})
}

func (p *person) post(ctx context.Context, path, key string, body []byte) ([]byte, error) {
	return call(ctx, request{
		method: http.MethodPost, url: p.base + path, body: body, want: http.StatusCreated,
		header: map[string]string{"Cookie": p.cookie(), "Idempotency-Key": key},
	})
}

// read gets a path and decodes the answer.
func (p *person) read(ctx context.Context, path string, into any) error {
	text, err := p.get(ctx, path)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}
