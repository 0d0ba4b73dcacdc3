// Package blob keeps sealed objects under names without meaning: in a local folder, or in S3 where there are several
// machines. What it is handed is already sealed; it never sees a readable byte.
//
// It must not know what an object is, and no name may say it. The same tests run against the folder and against a real S3
// server.
package blob

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"lyhord/pkg/platform/config"
	"lyhord/pkg/platform/problem"
)

// Store keeps objects. Put replaces what stands under the name. Get of a name that nothing stands under is ErrMissing;
// Delete of it is no error.
type Store interface {
	Put(ctx context.Context, name string, object []byte) error
	Get(ctx context.Context, name string) ([]byte, error)
	Delete(ctx context.Context, name string) error
	Ping(ctx context.Context) error
}

// ErrMissing means that nothing stands under the name: a problem of kind Gone.
var ErrMissing error = problem.Gone()

// errName is our own mistake: names are made of ids.
var errName = errors.New("blob: a name is lower-case letters, digits, hyphens and single slashes")

var name = regexp.MustCompile(`^[a-z0-9-]+(/[a-z0-9-]+)*$`)

// Open gives the store that the settings name: S3 when an endpoint is set, else the folder.
func Open(c config.Files) (Store, error) {
	switch {
	case c.S3.Endpoint != nil:
		return openS3(c.S3)
	case c.Dir != "":
		return openFolder(c.Dir)
	}
	return nil, errors.New("no place for files: LYHORD_FILES_DIR or LYHORD_S3_ENDPOINT must be set")
}

// folder keeps objects as files. A write is whole or not there: it goes to a new file first, which is then renamed.
type folder struct{ root *os.Root }

func openFolder(dir string) (folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return folder{}, fmt.Errorf("the folder for files: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return folder{}, fmt.Errorf("the folder for files: %w", err)
	}
	return folder{root}, nil
}

func (f folder) Put(_ context.Context, at string, object []byte) error {
	if !name.MatchString(at) {
		return errName
	}
	if err := f.root.MkdirAll(filepath.Dir(at), 0o700); err != nil {
		return err
	}
	next, err := os.CreateTemp(filepath.Join(f.root.Name(), filepath.Dir(at)), ".new-*")
	if err != nil {
		return err
	}
	_, err = next.Write(object)
	if err == nil {
		err = next.Sync()
	}
	if closed := next.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(next.Name(), filepath.Join(f.root.Name(), at))
	}
	if err != nil {
		_ = os.Remove(next.Name())
	}
	return err
}

func (f folder) Get(_ context.Context, at string) ([]byte, error) {
	if !name.MatchString(at) {
		return nil, errName
	}
	object, err := f.root.ReadFile(at)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrMissing
	}
	return object, err
}

func (f folder) Delete(_ context.Context, at string) error {
	if !name.MatchString(at) {
		return errName
	}
	err := f.root.Remove(at)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func (f folder) Ping(context.Context) error {
	_, err := f.root.Stat(".")
	return err
}
