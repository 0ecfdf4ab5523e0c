package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"time"
)

// row is one line of the result. Times are medians in milliseconds; a ratio over
// its limit is a miss.
type row struct {
	Work    string  `json:"work"`
	Size    int     `json:"size"` // patches in the backlog
	Floor   float64 `json:"floor_ms"`
	Product float64 `json:"product_ms"`
	Ratio   float64 `json:"ratio"`
	Limit   float64 `json:"limit"`

	cpu  float64 // the product's CPU time as a multiple of the floor's; 0 if not measured
	note string
}

func against(work string, size int, floor, product, limit float64) row {
	return row{Work: work, Size: size, Floor: rounded(floor), Product: rounded(product), Ratio: rounded(product / floor), Limit: limit}
}

func rounded(x float64) float64 {
	y, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'f', 3, 64), 64) // it was a number
	return y
}

func milliseconds(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e6 }

type printer struct {
	json bool
	over int
}

func (p *printer) head() {
	if !p.json {
		fmt.Printf("%-42s %9s %10s %10s %7s %6s %6s\n", "work", "patches", "floor ms", "product ms", "ratio", "limit", "CPU")
	}
}

func (p *printer) print(r row) {
	miss := ""
	if r.Ratio > r.Limit {
		p.over++
		miss = "  OVER"
	}
	if p.json {
		_ = json.NewEncoder(os.Stdout).Encode(r) // plain fields always marshal
		return
	}
	cpu := "-"
	if r.cpu > 0 {
		cpu = fmt.Sprintf("%.2f", r.cpu)
	}
	fmt.Printf("%-42s %9d %10.3f %10.3f %7.2f %6.1f %6s%s %s\n", r.Work, r.Size, r.Floor, r.Product, r.Ratio, r.Limit, cpu, miss, r.note)
}
