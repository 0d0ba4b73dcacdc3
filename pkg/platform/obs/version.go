package obs

import "runtime/debug"

// version is set when an image is built: -ldflags "-X lyhord/pkg/platform/obs.version=1.4.0".
var version string

// Version names the program that runs: what the image was built as, else what the Go toolchain knows, else "dev".
func Version() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "dev"
}
