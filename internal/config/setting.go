package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// setting is one that can be made. Standard is its text when it is not.
type setting struct {
	name, standard, help string
	alias                string // another variable that many hosts set
	isSwitch             bool   // a flag without a value
	secret               bool   // a URL whose password is not shown
	hidden               bool   // a password, which is not shown at all
	set                  func(*Config, string) error
}

var settings = append(serverSettings, mailSettings...)

var serverSettings = []setting{
	{
		name: "addr", standard: "127.0.0.1:8080", help: "`HOST:PORT` to listen on; 0.0.0.0:8080 for all networks",
		set: func(c *Config, text string) error {
			if _, port, err := net.SplitHostPort(text); err != nil || !isPort(port) {
				return fmt.Errorf("an address is HOST:PORT, such as 127.0.0.1:8080")
			}
			c.Addr = text
			return nil
		},
	},
	{
		name: "data", standard: "data", help: "`DIR`ectory of the database and uploads",
		set: func(c *Config, text string) error {
			if strings.TrimSpace(text) == "" {
				return fmt.Errorf("a directory has a name")
			}
			c.Data = text
			return nil
		},
	},
	{
		name: "database-url", alias: "DATABASE_URL", secret: true, help: "postgres://… `URL` of a PostgreSQL database instead of SQLite",
		set: func(c *Config, text string) error {
			u, err := url.Parse(text)
			if text != "" && (err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql") {
				return fmt.Errorf("a database URL begins with postgres://") // the text may hold a password
			}
			c.DatabaseURL = text
			return nil
		},
	},
	{
		name: "plain-http", standard: "false", isSwitch: true, help: "let session cookies travel over plain http, in a network you trust",
		set: func(c *Config, text string) (err error) {
			if c.PlainHTTP, err = strconv.ParseBool(text); err != nil {
				return fmt.Errorf("a switch is true or false")
			}
			return nil
		},
	},
	{
		name: "trusted-proxies", help: "`ADDRESSES` and networks, separated by commas, whose X-Forwarded-For counts",
		set: func(c *Config, text string) error {
			for part := range strings.SplitSeq(text, ",") {
				if part = strings.TrimSpace(part); part == "" {
					continue
				}
				if !isNetwork(part) {
					return fmt.Errorf("a proxy is an address or a network, such as 10.0.0.0/8")
				}
				c.TrustedProxies = append(c.TrustedProxies, part)
			}
			return nil
		},
	},
	{
		name: "feeds-folder", help: "`DIR`ectory below which feeds may read files; feeds in the data directory when empty",
		set: func(c *Config, text string) error {
			c.FeedsFolder = strings.TrimSpace(text)
			return nil
		},
	},
	{
		name: "feeds-allow-private", help: "private `ADDRESSES` and networks, separated by commas, that feeds may ask, also by plain http",
		set: func(c *Config, text string) (err error) {
			c.FeedsAllowPrivate, err = networks(text)
			return err
		},
	},
	{
		name: "webhooks-allow-private", help: "private `ADDRESSES` and networks, separated by commas, that webhooks may reach, also by plain http",
		set: func(c *Config, text string) (err error) {
			c.WebhooksAllowPrivate, err = networks(text)
			return err
		},
	},
	{
		name: "public-url", help: "`URL` under which people reach this server, for links in what it sends",
		set: func(c *Config, text string) error {
			u, err := url.Parse(text)
			if text != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
				return fmt.Errorf("an address begins with https:// or http:// and names a host")
			}
			c.PublicURL = text
			return nil
		},
	},
	{
		name: "log-format", standard: "text", help: "`text` or json",
		set: func(c *Config, text string) error { return oneOf(&c.LogFormat, text, "text", "json") },
	},
	{
		name: "log-level", standard: "info", help: "`debug`, info, warn or error",
		set: func(c *Config, text string) error { return oneOf(&c.LogLevel, text, "debug", "info", "warn", "error") },
	},
}

func oneOf(to *string, text string, allowed ...string) error {
	if !slices.Contains(allowed, text) {
		return fmt.Errorf("this is one of %s", strings.Join(allowed, ", "))
	}
	*to = text
	return nil
}

func isPort(text string) bool {
	n, err := strconv.ParseUint(text, 10, 16)
	return err == nil && n <= 65535
}

func isNetwork(text string) bool {
	_, ok := networkOf(text)
	return ok
}

// networks reads a list of networks, separated by commas.
func networks(text string) (list []netip.Prefix, err error) {
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		network, ok := networkOf(part)
		if !ok {
			return nil, fmt.Errorf("a network is an address or a network, such as 10.20.0.0/16")
		}
		list = append(list, network)
	}
	return list, nil
}

// networkOf reads a network, or an address as the network of itself.
func networkOf(text string) (netip.Prefix, bool) {
	if p, err := netip.ParsePrefix(text); err == nil {
		return p.Masked(), true
	}
	a, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(a, a.BitLen()), true
}
