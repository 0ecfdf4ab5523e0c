package scan

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestToolsNameOneReleaseInManyWays(t *testing.T) {
	for want, ways := range map[string][][2]string{
		"deb12":       {{"debian", "12.5"}, {"Debian", "12"}},
		"ubuntu22.04": {{"ubuntu", "22.04"}, {"Ubuntu", "22.04.3"}},
		"el8":         {{"redhat", "8.6"}, {"centos", "8"}, {"Rocky Linux", "8.9"}, {"alma", "8.5"}, {"oracle", "8"}},
		"alpine3.18":  {{"alpine", "3.18.4"}, {"Alpine", "v3.18"}},
		"amzn2":       {{"amazon", "2 (Karoo)"}, {"amzn", "2"}},
		"amzn1":       {{"amazon", "2018.03"}},
		"amzn2023":    {{"amazon", "2023.3.20240117"}},
		"sles15.4":    {{"sles", "15.4"}, {"SLES", "15 SP4"}, {"SUSE", "15-SP4"}, {"suse linux enterprise server", "15SP4"}, {"SUSE", "Linux Enterprise Server 15 SP4-LTSS"}},
		"sles15.5":    {{"sles", "15-sp5"}, {"SUSE", "Linux Enterprise Module for Basesystem 15 SP5"}},
		"sles15":      {{"sles", "15"}, {"SUSE", "15 GA"}},
		"leap15.5":    {{"opensuse.leap", "15.5"}},
		"fc38":        {{"fedora", "38"}},
		"":            {{"debian", "bookworm/sid"}, {"alpine", "edge"}, {"ubuntu", "22"}, {"wolfi", "20230201"}, {"arch", ""}, {"", "12"}, {"windows", "10"}, {"SUSE", "Linux Enterprise Server"}},
	} {
		for _, w := range ways {
			assert.Equal(t, want, streamOf(w[0], w[1]), w)
		}
	}
}

func TestAVersionMayNameItsRelease(t *testing.T) {
	for _, c := range [][3]string{
		{"deb", "1.1.1n-0+deb11u5", "deb11"}, {"deb", "1:9.2~deb10u2", "deb10"}, {"deb", "2.35-0ubuntu3.1", ""}, {"deb", "1.2-0ubuntu0.22.04.3+esm1", "ubuntu22.04"},
		{"deb", "5.15.0-91.101~20.04.1", "ubuntu20.04"}, {"deb", "3.14-1ubuntu3.14", ""}, {"deb", "1.0-1", ""},
		{"rpm", "1:1.1.1k-7.el8_6", "el8"}, {"rpm", "3.0.7-27.el9", "el9"}, {"rpm", "7.61.1-33.el8_9.5", "el8"}, {"rpm", "4.14.1-2.amzn2.0.1", "amzn2"},
		{"rpm", "6.5.6-300.fc39", "fc39"}, {"rpm", "1.2-150400.4.75.1", ""}, {"apk", "3.1.4-r1", ""}, {"npm", "1.0.0+deb11u1", ""}, {"generic", "1.el8", ""},
	} {
		assert.Equal(t, c[2], StreamOfVersion(c[0], c[1]), c[1])
	}
}

func TestAPackageURLMayNameItsRelease(t *testing.T) {
	for purl, want := range map[string]string{
		"pkg:deb/debian/bash@4.4-5?arch=amd64&distro=debian-9.9":          "deb9",
		"pkg:apk/alpine/libcrypto1.1@1.1.1c-r0?arch=x86_64&distro=3.10.2": "alpine3.10",
		"pkg:rpm/redhat/openssl@1?distro=redhat-8.6#sub":                  "el8",
		"pkg:deb/ubuntu/bash@1?distro=jammy":                              "ubuntu22.04",
		"pkg:deb/debian/bash@4.4-5":                                       "",
		"pkg:pypi/demo@1?distro=debian-9.9":                               "",
	} {
		assert.Equal(t, want, newComponent("", "", purl, "").Stream, purl)
	}
	assert.Equal(t, "deb12", newComponent("Debian:12", "bash", "", "").Stream)
	assert.Equal(t, "alpine3.18", newComponent("Alpine:v3.18", "curl", "", "").Stream)
	assert.Equal(t, "el9", newComponent("Red Hat:enterprise_linux:9::baseos", "curl", "", "").Stream)
	assert.Equal(t, "sles15.4", newComponent("SUSE:Linux Enterprise Server 15 SP4", "curl", "", "").Stream)
	assert.Empty(t, newComponent("npm", "qs", "", "").Stream)
}

func TestAGuessAtAnOperatingSystemNamesNoRelease(t *testing.T) {
	for text, want := range map[string]string{
		"Linux Kernel 5.4.0-150-generic on Ubuntu 20.04":                           "ubuntu20.04",
		"Ubuntu Linux 22.04.3":                                                     "ubuntu22.04",
		"Debian GNU/Linux 11 (bullseye)":                                           "deb11",
		"Red Hat Enterprise Linux 8.6":                                             "el8",
		"Linux Kernel 3.10 on CentOS Linux release 7":                              "el7",
		"SUSE Linux Enterprise Server 15 SP4":                                      "sles15.4",
		"Linux Kernel 5.14 on SUSE Linux Enterprise Server 12 SP5":                 "sles12.5",
		"SUSE Linux Enterprise Server 15":                                          "sles15",
		"SUSE Linux Enterprise Server 15 SP4\nSUSE Linux Enterprise Server 15 SP5": "",
		"CentOS 6 / 7":               "",
		"Ubuntu 18.04\nUbuntu 20.04": "",
		"EulerOS / Ubuntu / Fedora / Tiny Core Linux / Linux 3.x":    "",
		"Microsoft Windows Server 2019 Standard":                     "",
		"CISCO PIX 7.0":                                              "",
		"Red Hat Enterprise Linux 8.6\nRed Hat Enterprise Linux 8.4": "el8",
	} {
		assert.Equal(t, want, streamOfSystem(text), text)
	}
	for cpe, want := range map[string]string{
		"cpe:/o:redhat:enterprise_linux:9::baseos": "el9", "cpe:2.3:o:canonical:ubuntu_linux:22.04:*:*:*:lts:*:*:*": "ubuntu22.04",
		"cpe:/o:suse:sles:15:sp4": "sles15.4", "cpe:2.3:o:suse:linux_enterprise_server:12:sp5:*:*:*:*:*:*": "sles12.5", "cpe:/o:suse:sles_ltss:15:sp1": "sles15.1",
		"cpe:/o:debian:debian_linux:11": "deb11", "cpe:/a:redhat:openshift:4": "", "cpe:/o:microsoft:windows_10:1": "",
	} {
		assert.Equal(t, want, streamOfCPE(cpe), cpe)
	}
}
