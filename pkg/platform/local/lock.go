//go:build unix

package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// FileLock is an exclusive or shared lock on a file. The kernel lets go of it
// when the process ends, however it ends, so nobody ever has to clean up.
type FileLock struct{ f *os.File }

// TryLock takes the lock exclusively if nobody holds it; nil means it is held.
func TryLock(path string) (*FileLock, error) {
	return flock(path, syscall.LOCK_EX|syscall.LOCK_NB)
}

// Lock waits for the exclusive lock.
func Lock(ctx context.Context, path string) (*FileLock, error) {
	return waitLock(ctx, path, syscall.LOCK_EX)
}

// LockShared waits for a shared lock: many may hold it, none exclusively.
func LockShared(ctx context.Context, path string) (*FileLock, error) {
	return waitLock(ctx, path, syscall.LOCK_SH)
}

// Unlock lets go; a nil lock and a second call are fine.
func (l *FileLock) Unlock() {
	if l != nil && l.f != nil {
		_ = l.f.Close()
		l.f = nil
	}
}

func waitLock(ctx context.Context, path string, how int) (*FileLock, error) {
	var got *FileLock
	err := poll(ctx, func() (bool, error) {
		var err error
		got, err = flock(path, how|syscall.LOCK_NB)
		return got != nil, err
	})
	if err != nil {
		return nil, fmt.Errorf("wait for %s: %w", filepath.Base(path), err)
	}
	return got, nil
}

func flock(path string, how int) (*FileLock, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), how)
	if err == nil {
		return &FileLock{f}, nil
	}
	_ = f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) || errors.Is(err, syscall.EINTR) {
		return nil, nil
	}
	return nil, fmt.Errorf("lock %s: %w", filepath.Base(path), err)
}
