//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"lyhord/pkg/platform/local"
)

// withServers calls use between start and end of a PostgreSQL and a Redis.
func withServers(use func(env []string) (int, error)) (int, error) {
	root := local.ScratchRoot()
	dir, lock, err := makeScratch(root)
	if err != nil {
		return codeServer, err
	}
	defer lock.Unlock()
	defer os.RemoveAll(dir)
	ctx := context.Background()
	pg, err := local.StartPostgres(ctx, local.PostgresOptions{
		StateDir: dir,
		Settings: map[string]string{"autovacuum": "off"}, // it would visit every test's database
	})
	if err != nil {
		return codeServer, err
	}
	defer pg.Stop()
	redis, err := local.StartRedis(ctx, local.RedisOptions{StateDir: dir, Databases: 1024})
	if err != nil {
		return codeServer, err
	}
	defer redis.Stop()
	fmt.Fprintf(os.Stderr, "testenv: PostgreSQL %d and Redis, data in %s\n", pg.Major(), root)
	return use([]string{
		"LYHORD_TEST_PG_SUPER_DSN=" + pg.SuperDSN("postgres"),
		"LYHORD_TEST_REDIS_ADDR=" + redis.Addr(),
	})
}

const scratchPrefix = "lyhord-testenv-"

// makeScratch makes a folder and holds its lock while this process lives. It
// first removes what killed runs have left behind.
func makeScratch(root string) (string, *local.FileLock, error) {
	sweep(root)
	dir, err := os.MkdirTemp(root, scratchPrefix)
	if err != nil {
		return "", nil, err
	}
	lock, err := local.TryLock(filepath.Join(dir, "lock"))
	if err == nil && lock == nil {
		err = errors.New("the new folder is locked by somebody else")
	}
	return dir, lock, err
}

func sweep(root string) {
	old, _ := filepath.Glob(filepath.Join(root, scratchPrefix+"*", "lock"))
	for _, file := range old {
		if lock, err := local.TryLock(file); err == nil && lock != nil {
			_ = os.RemoveAll(filepath.Dir(file))
			lock.Unlock()
		}
	}
}
