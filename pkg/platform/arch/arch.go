// Package arch holds the tests of the tree itself: which package may import which, which outside module has one place, and
// the habits that a machine can check (sizes, names, first words, no unfinished business).
//
// It must never be imported, and it holds no code but tests. A new arrow is declared in imports_test.go, with the review
// that this brings. The checks are tested by small trees that break them.
package arch
