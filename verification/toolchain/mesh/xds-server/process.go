package main

import (
	"fmt"
	"os"
)

// process stands where Istio's server expects a running test: a failure ends the process, and what a test would
// clean up ends with it.
type process struct{}

func (process) Helper()                          {}
func (process) Cleanup(func())                   {}
func (p process) Fail()                          { p.end("failed") }
func (p process) FailNow()                       { p.end("failed") }
func (p process) Fatal(words ...any)             { p.end(fmt.Sprint(words...)) }
func (p process) Fatalf(format string, a ...any) { p.end(fmt.Sprintf(format, a...)) }
func (p process) Skip(words ...any)              { p.end(fmt.Sprint(words...)) }
func (process) Log(words ...any)                 { fmt.Fprintln(os.Stderr, words...) }
func (process) Logf(format string, a ...any)     { fmt.Fprintf(os.Stderr, format+"\n", a...) }
func (process) end(why string)                   { fmt.Fprintln(os.Stderr, why); os.Exit(1) }

func (p process) TempDir() string {
	folder, err := os.MkdirTemp("", "xds-server")
	if err != nil {
		p.Fatal(err)
	}
	return folder
}
