package blob_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"lyhord/pkg/platform/blob"
	"lyhord/pkg/platform/config"
)

func TestAFolderKeepsObjects(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "files")
	keeps(t, config.Files{Dir: dir})
	left, err := filepath.Glob(filepath.Join(dir, "*", ".new-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("unfinished files are left: %v %v", left, err)
	}
}

// versitygw is a real S3 server, which checks signatures; make builds it once into its cache.
func versitygw(t *testing.T) string {
	t.Helper()
	cache := os.Getenv("XDG_CACHE_HOME")
	if cache == "" {
		cache = filepath.Join(os.Getenv("HOME"), ".cache")
	}
	if program, err := exec.LookPath("versitygw"); err == nil {
		return program
	}
	found, err := filepath.Glob(filepath.Join(cache, "lyhord", "versitygw-*", "versitygw"))
	if err != nil || len(found) == 0 {
		t.Fatal("no S3 server to test with: run make versitygw (make test does)")
	}
	return found[len(found)-1]
}

func TestAnS3ServerKeepsObjects(t *testing.T) {
	t.Parallel()
	program := versitygw(t)
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := free.Addr().String()
	_ = free.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "--port", addr, "posix", t.TempDir())
	cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY=lyhord", "ROOT_SECRET_KEY=granne-tallbacke")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	admin, err := minio.New(addr, &minio.Options{Creds: credentials.NewStaticV4("lyhord", "granne-tallbacke", ""), Region: "us-east-1"})
	if err != nil {
		t.Fatal(err)
	}
	for made := errors.New("not yet"); made != nil; { // another program: asking it is the only sign that it is up
		if made = admin.MakeBucket(ctx, "papers", minio.MakeBucketOptions{Region: "us-east-1"}); ctx.Err() != nil {
			t.Fatal(made)
		}
		if made != nil {
			time.Sleep(20 * time.Millisecond)
		}
	}
	c := config.Files{S3: config.S3{Endpoint: &url.URL{Scheme: "http", Host: addr}, Region: "us-east-1", Bucket: "papers", AccessKey: "lyhord", SecretKey: "granne-tallbacke"}}
	keeps(t, c)
	wrong := c
	wrong.S3.SecretKey = "fel"
	store, err := blob.Open(wrong)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Put(ctx, "aa/bb", []byte("x")); err == nil || errors.Is(err, blob.ErrMissing) {
		t.Errorf("a wrong secret is taken: %v", err)
	}
	wrong = c
	wrong.S3.Bucket = "elsewhere"
	store, err = blob.Open(wrong)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Ping(ctx); err == nil {
		t.Error("a bucket that does not exist answers")
	}
}

// keeps is what every store must do.
func keeps(t *testing.T, c config.Files) {
	t.Helper()
	ctx := t.Context()
	s, err := blob.Open(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Ping(ctx); err != nil {
		t.Fatal(err)
	}
	big := bytes.Repeat([]byte("sealed"), 5<<20) // 30 MiB
	for name, object := range map[string][]byte{"ab/one": []byte("1"), "ab/two": big} {
		if err := s.Put(ctx, name, object); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Get(ctx, name); err != nil || !bytes.Equal(got, object) {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
	if err := s.Put(ctx, "ab/one", []byte("2")); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Get(ctx, "ab/one"); err != nil || string(got) != "2" {
		t.Errorf("not replaced: %q %v", got, err)
	}
	for range 2 {
		if err := s.Delete(ctx, "ab/one"); err != nil {
			t.Errorf("delete: %v", err)
		}
	}
	if _, err := s.Get(ctx, "ab/one"); !errors.Is(err, blob.ErrMissing) {
		t.Errorf("a deleted object gives %v", err)
	}
	for _, name := range []string{"", "../x", "/etc/passwd", "a//b", "A", "a/../../b", "a b"} {
		if err := s.Put(ctx, name, []byte("x")); err == nil {
			t.Errorf("the name %q is taken", name)
		}
		if _, err := s.Get(ctx, name); err == nil {
			t.Errorf("the name %q is read", name)
		}
	}
}

func TestWithoutAPlaceThereIsNoStore(t *testing.T) {
	t.Parallel()
	if _, err := blob.Open(config.Files{}); err == nil {
		t.Error("nowhere is a place")
	}
}
