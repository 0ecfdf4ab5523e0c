package main

import (
	"fmt"
	"os"
	"runtime/pprof"
)

// profile writes where this process spends its time to a file, from now until
// what it returns is called. Without a name it does nothing.
func profile(name string) (stop func()) {
	if name == "" {
		return func() {}
	}
	f, err := os.Create(name)
	if err == nil {
		err = pprof.StartCPUProfile(f)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench: no profile:", err)
		return func() {}
	}
	return func() {
		pprof.StopCPUProfile()
		f.Close()
	}
}
