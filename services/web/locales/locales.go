// Package locales holds the words of both faces, one flat JSON file per face and language. Go reads the public pages'
// here; the app imports its own file directly.
//
// It must not choose a language or fill in a placeholder. Tested where the words are used.
package locales

import "embed"

// Files are the language files.
//
//go:embed *.json
var Files embed.FS
