//go:build unix

package local

import (
	"os"
	"syscall"
)

// ScratchRoot is where throw-away servers keep their data: in memory where the
// machine has a roomy /dev/shm, else in the temp folder.
func ScratchRoot() string {
	const shm, room = "/dev/shm", 1 << 30
	var fs syscall.Statfs_t
	if syscall.Statfs(shm, &fs) == nil && uint64(fs.Bavail)*uint64(fs.Bsize) >= room &&
		syscall.Access(shm, 7) == nil {
		return shm
	}
	return os.TempDir()
}
