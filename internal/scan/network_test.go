package scan

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAnOpenVASReportIsRead(t *testing.T) {
	c := mustRead(t, "o.xml", fixture(t, "openvas.xml"))
	assert.Equal(t, []Asset{{Name: "one.example", Kind: "host"}, {Name: "10.0.5.2", Kind: "host"}, {Name: "three.example", Kind: "host"}}, c.assets,
		"one address is one host, also where a result leaves its name out")
	assert.Equal(t, 2031, c.snapshot.ReportedAt.Year())
	assert.Equal(t, 7, c.records)
	assert.Len(t, c.rejected, 2)
	require.Len(t, c.findings, 6)
	server, windows, sudo, stamps, services := c.findings[0], c.findings[2], c.findings[3], c.findings[4], c.findings[5]
	assert.Equal(t, "CVE-2031-2201", server.Vulnerability)
	assert.Equal(t, Component{Ecosystem: "generic", Name: "demo server", Installed: "2.4.40"}, server.Component)
	assert.Equal(t, []string{"2.4.49"}, server.Fixed)
	assert.Equal(t, "NVT-1.3.6.1.4.1.25623.1.0.900001", server.Check, "which names the finding in the report")
	assert.Equal(t, []Rating{{Source: "openvas", Version: "3.1", Vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", Score: 9.8}}, server.Ratings)
	assert.Equal(t, "https://example.com/a", server.URL)
	assert.Equal(t, "NVT-1.3.6.1.4.1.25623.1.0.900002", windows.Vulnerability)
	assert.Equal(t, "Demo Windows Multiple Vulnerabilities", windows.Component.Name)
	assert.Equal(t, []string{"KB5062557"}, windows.Fixed)
	assert.Equal(t, "medium", windows.Severity, "from the score, where no level is given")
	assert.Equal(t, "pkg:deb/ubuntu/sudo", sudo.Component.PURL)
	assert.Equal(t, "1.8.31-1ubuntu1.1", sudo.Component.Installed)
	assert.Equal(t, []string{"1.8.31-1ubuntu1.2"}, sudo.Fixed)
	assert.Empty(t, stamps.Fixed, "a mitigation is no fix")
	assert.Equal(t, "not_affected", services.Status, "what only informs opens no work")
}

func TestAnAnswerWithReportsIsReadToo(t *testing.T) {
	c := mustRead(t, "o.xml", fixture(t, "openvas-response.xml"))
	require.Len(t, c.findings, 1)
	assert.Equal(t, "CVE-2031-2211", c.findings[0].Vulnerability)
	assert.Equal(t, "high", c.findings[0].Severity)
}

func TestAnOpenVASTableIsRead(t *testing.T) {
	c := mustRead(t, "o.csv", fixture(t, "openvas.csv"))
	assert.Equal(t, []Asset{{Name: "srv.example", Kind: "host"}, {Name: "10.0.7.2", Kind: "host"}}, c.assets)
	assert.Equal(t, 5, c.records)
	assert.Len(t, c.rejected, 2)
	require.Len(t, c.findings, 4)
	assert.Equal(t, Component{Ecosystem: "generic", Name: "apache http server", Installed: "2.4.7"}, c.findings[0].Component)
	assert.Equal(t, []string{"9.3p2"}, c.findings[1].Fixed, "the printed \"See advisory\" is no version")
	assert.Equal(t, "wont_fix", c.findings[3].FixState)
}

func TestAPackageThatNessusPrintsIsTheComponent(t *testing.T) {
	report := `<NessusClientData_v2><Report><ReportHost name="a"><ReportItem severity="3" pluginID="1" pluginName="Amazon Linux 2 : kernel" pluginFamily="Amazon Linux Local Security Checks"><cve>CVE-2031-2401</cve><solution>Run 'yum update kernel' to update your system.</solution><plugin_output>
Remote package installed : kernel-4.14.314-237.533.amzn2
Should be                : kernel-4.14.314-238.539.amzn2

Remote package installed : kernel-tools-4.14.314-237.533.amzn2
Should be                : kernel-tools-4.14.314-238.539.amzn2

Remote package installed : kernel-rt-4.18.0-193.el8_2
Should be                : kernel-rt-4.18.0-193.1.el8_2
</plugin_output></ReportItem><ReportItem severity="3" pluginID="2" pluginName="Ubuntu : OpenSSL (USN-1-1)"><plugin_output>
  - Installed package : libssl1.0.0_1.0.2g-1ubuntu4.6
    Fixed package     : libssl1.0.0_1.0.2g-1ubuntu4.8</plugin_output></ReportItem></ReportHost></Report></NessusClientData_v2>`
	c := mustRead(t, "a.nessus", []byte(report))
	assert.Equal(t, 2, c.records, "a plugin is one record, however many packages it lists")
	require.Len(t, c.findings, 4)
	assert.Equal(t, Component{Ecosystem: "rpm", Name: "kernel-rt", Installed: "4.18.0-193.el8_2"}, c.findings[2].Component)
	assert.Equal(t, Component{Ecosystem: "rpm", Name: "kernel", Installed: "4.14.314-237.533.amzn2"}, c.findings[0].Component)
	assert.Equal(t, []string{"4.14.314-238.539.amzn2"}, c.findings[0].Fixed)
	assert.Equal(t, "kernel-tools", c.findings[1].Component.Name)
	assert.Equal(t, "libssl1.0.0", c.findings[3].Component.Name)
	assert.Equal(t, []string{"1.0.2g-1ubuntu4.8"}, c.findings[3].Fixed)
}

func TestSeveralVectorsOfOpenVASAreKeptWithoutTheScore(t *testing.T) {
	c := mustRead(t, "o.xml", []byte(`<get_results_response><result><host>a</host><nvt oid="1"><name>x</name><cvss_base>9.8</cvss_base><severities>
		<severity><value>AV:N/AC:L/Au:N/C:P/I:P/A:P</value></severity><severity><value>CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H</value></severity></severities></nvt></result></get_results_response>`))
	assert.Equal(t, []string{"openvas 3.1", "openvas 2.0"}, ratingNames(c.findings[0].Ratings))
	assert.Equal(t, "critical", c.findings[0].Severity)
}

func TestAFixThatIsInstalledAlreadyIsNotBelieved(t *testing.T) {
	c := mustRead(t, "o.xml", []byte(`<get_results_response><result><host>a</host><nvt oid="1"><name>x</name><solution type="VendorFix">Upgrade to Demo 3.2.10.7, or 4.0.6, or later.</solution></nvt><severity>5.0</severity>
		<description>Installed version: 1.0
Fixed version: 1.0</description></result></get_results_response>`))
	assert.Equal(t, []string{"3.2.10.7", "4.0.6"}, c.findings[0].Fixed)
}

func TestAFalsePositiveOfOpenVASOpensNoWork(t *testing.T) {
	c := mustRead(t, "o.xml", []byte(`<get_results_response><result><host>a</host><nvt oid="1"><name>x</name><cvss_base>9.8</cvss_base></nvt><severity>-1.0</severity></result></get_results_response>`))
	assert.Equal(t, []string{"not_affected"}, statusesOf(c.findings))
}

func TestTheTableOfAPCIReportIsReadToo(t *testing.T) {
	c := mustRead(t, "pci.csv", []byte("IP,HOSTNAME,LAST SCAN,QID,VULN TITLE,TYPE,SEVERITY,PORT,OPERATING SYSTEM,CVSS_BASE,Q_SEVERITY,THREAT,SOLUTION,RESULT,BUGTRAQID,CVEID\n"+
		"10.0.8.1,a.example,22/09/2031 13:01,86476,Web Server Stopped,POTENTIAL,Medium,80,Linux 2.x,6.4,3,It stopped.<BR>Twice.,Check it.,-,-,\n"))
	require.Len(t, c.findings, 1)
	f := c.findings[0]
	assert.Equal(t, []string{"a.example", "QID-86476", "medium", "under_investigation"}, []string{f.Asset.Name, f.Vulnerability, f.Severity, f.Status})
	assert.Equal(t, []Rating{{Source: "qualys", Version: "2.0", Score: 6.4}}, f.Ratings)
}

func TestTablesOfTenableAreReadByTheirOwnColumns(t *testing.T) {
	for name, table := range map[string]string{
		"Vulnerability Management": "Asset Name,Plugin ID,Plugin Name,Severity,CVE,CVSS3 Vector,CVSS3 Base Score,Solution,Vulnerability State\n",
		"Security Center":          "DNS Name,Plugin,Plugin Name,Severity,CVE,CVSS V3 Vector,CVSS V3 Base Score,Steps to Remediate,State\n",
	} {
		c := mustRead(t, "t.csv", []byte(table+"a.example,100,Demo < 2.1,Critical,CVE-2031-2411,AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H,9.8,Upgrade to Demo version 2.1 or later.,Active\n"+
			"a.example,101,Demo (KB5005565),High,,,,Apply it.,Fixed\n"))
		require.Len(t, c.findings, 2, name)
		f := c.findings[0]
		assert.Equal(t, []Rating{{Source: "nessus", Version: "3.0", Vector: "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", Score: 9.8}}, f.Ratings)
		assert.Equal(t, []string{"2.1"}, f.Fixed)
		assert.Equal(t, "fixed", c.findings[1].Status)
		assert.Equal(t, []string{"KB5005565"}, c.findings[1].Fixed)
	}
}

func TestADefenderExportIsRead(t *testing.T) {
	c := mustRead(t, "d.json", fixture(t, "defender.json"))
	assert.Equal(t, []Asset{{Name: "pc1.example", Kind: "host"}, {Name: "pc2.example", Kind: "host"}, {Name: "m5", Kind: "host"}}, c.assets,
		"a device without a vulnerability is covered")
	assert.Equal(t, []string{"value[3]", "value[4]", "value[6]"}, positions(c.rejected))
	require.Len(t, c.findings, 3)
	f := c.findings[0]
	assert.Equal(t, Component{Ecosystem: "generic", Name: "microsoft windows 10", Installed: "10.0.19044.1"}, f.Component)
	assert.Equal(t, []string{"KB5013942"}, f.Fixed)
	assert.Equal(t, []Rating{{Source: "microsoft", Score: 9.8}}, f.Ratings)
	assert.Equal(t, "unknown", c.findings[1].FixState)
	assert.Empty(t, c.findings[1].Ratings, "no score is not a score of 0")
	assert.Equal(t, []string{"KB4516115"}, c.findings[2].Fixed)

	c = mustRead(t, "lines.json", fixture(t, "defender-lines.json"))
	assert.Equal(t, []string{"affected", "fixed"}, statusesOf(c.findings))
	assert.Equal(t, []string{"Reader 1.1"}, c.findings[0].Fixed)

	c = mustRead(t, "d.csv", fixture(t, "defender.csv"))
	assert.Equal(t, []string{"line 5", "line 6"}, positions(c.rejected))
	require.Len(t, c.findings, 2)
	assert.Equal(t, []string{"KB5013942"}, c.findings[0].Fixed)
	assert.Equal(t, "TVM-2031-0001", c.findings[1].Vulnerability)

	c = mustRead(t, "none.json", []byte(`{"@odata.context":"https://api-eu.securitycenter.windows.com/api/x","value":[]}`))
	assert.Zero(t, c.records)
}

func TestOpenVASReportsYieldTheDocumentedNumbers(t *testing.T) {
	eachSample(t, "openvas", func(t *testing.T, path string, want map[string]any) {
		c := count(readAll(t, path, Options{}))
		assert.Empty(t, c.rejected)
		assert.Len(t, c.assets, number(t, want["hosts"]))
		assert.Equal(t, number(t, want["distinct_cves"]), cves(by(c.findings, findingID)))
		assert.Len(t, by(c.findings, func(f *Finding) string { return f.Title }), number(t, want["distinct_nvts"]))
		if want["rows"] != nil {
			assert.Equal(t, number(t, want["rows"]), c.records)
			return
		}
		assert.Equal(t, number(t, want["results"]), c.records)
	})
}

func TestDependencyCheckReportsYieldTheDocumentedNumbers(t *testing.T) {
	eachSample(t, "dependency-check", func(t *testing.T, path string, want map[string]any) {
		c := count(readAll(t, path, Options{}))
		assert.Empty(t, c.rejected)
		assert.Equal(t, number(t, want["vulnerabilities"]), c.records)
		assert.Len(t, by(c.findings, packageName), number(t, want["vulnerable_dependencies"]))
		assert.Len(t, by(c.findings, findingID), number(t, want["distinct_names"]))
		assert.Equal(t, number(t, want["distinct_cves"]), cves(by(c.findings, findingID)))
	})
}

func TestASolutionNamesTheFixInItsOwnWords(t *testing.T) {
	for text, want := range map[string][]string{
		"Upgrade to version 117 or later,\nPlease see the references.":        {"117"},
		"Update to version 9.16.44, 9.18.19, 9.19.17 or later.":               {"9.16.44", "9.18.19", "9.19.17"},
		"Upgrade to Apache Tomcat version 8.5.100 / 9.0.89 or later.":         {"8.5.100", "9.0.89"},
		"Upgrade from 1.2 to 1.4.":                                            {"1.4"},
		"Upgrade Node.js to 18.2.0.":                                          {"18.2.0"},
		"Run 'yum update kernel' to update your system. See section 3.2.":     nil,
		"Update to Windows 10.":                                               nil,
		"Disable it.":                                                         nil,
		"Customers are advised to update to Log4j 2.17.1 or later, or 2.12.4": {"2.17.1"},
	} {
		assert.Equal(t, want, upgrades(text, ""), text)
	}
	assert.Equal(t, []string{"KB5003171"}, solved("x", "Install KB5003171 now, version 2.0", true))
	assert.Equal(t, "jQuery XSS Vulnerability", subject("jQuery < 1.9.0 XSS Vulnerability"))
	assert.Equal(t, "Demo 2.4.x Multiple Vulnerabilities", subject("Demo 2.4.x < 2.4.49 / 2.5.1 Multiple Vulnerabilities (KB5005565)"))
	assert.Equal(t, "< 2.0", subject("< 2.0"))
	assert.Equal(t, []string{VendorFix}, solved("x", "Install the updated package.", false))
	assert.Nil(t, solved("x", "n/a", false))
	assert.Equal(t, -1, Compare("generic", VendorFix, "0.1"), "any known version is newer")
	assert.Equal(t, 1, Compare("deb", "0.1", VendorFix))
}
