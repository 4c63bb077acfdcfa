#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# install.t - the Debian packages of deb.t: installed, run, upgraded, purged
# shellcheck disable=SC2016 # scripts
# shellcheck source=t/package/lib.sh
. "${0%/*}/lib.sh"
enter "$0" "$@"
# shellcheck source=t/package/installed.sh
. "${0%/*}/installed.sh"

must 'the list of apt' apt_get update
must 'bash-completion is installed' apt_get install bash-completion
useradd --system nagios
# What the packages need stays, and is no part of the comparison.
# shellcheck disable=SC2046 # a list
must 'libraries are there' apt_get install $(for deb in /out/deb/*.deb; do
	dpkg-deb -f "$deb" Depends; done | sed 's/([^)]*)//g' | tr , ' ')
every_file >/tmp/before
must 'apt installs the packages' apt_get install /out/deb/*.deb
ok 'nothing is setuid' sh -c '! dpkg -L mqueue-plugins mqueue-tools |
	xargs -d "\n" ls -ld | grep "^-..[sS]\|^-.....[sS]"'
check_installed /usr/lib/nagios/plugins
ok 'a page for each program' sh -c '
	dpkg -L mqueue-plugins mqueue-tools |
	sed -n "s,^/usr/\(s\?bin\|lib/nagios/plugins\)/,,p" |
	while read -r name; do
		dpkg -L mqueue-plugins mqueue-tools |
			grep -q "/man[18]/$name\.[18]\.gz\$" || echo "$name"
	done | grep . && exit 1 || exit 0'
ok 'samples can be copied' \
    test -f /usr/share/doc/mqueue-plugins/examples/contrib/nagios/commands.cfg
ok 'an upgrade' apt_get install --reinstall /out/deb/*.deb
mkdir -p /var/lib/mqueue-plugins/floods/x /etc/mqueue-plugins
touch /etc/mqueue-plugins/flood-response.conf /var/log/qflush.log
ok 'removal' apt_get remove mqueue-plugins mqueue-tools mqueue-plugins-doc
ok '... keeps what was written' \
    test -d "/var/lib/mqueue-plugins/$(id -u nagios)/check_mqueue" -a \
    -d /var/lib/mqueue-plugins/floods/x -a -f /var/log/qflush.log
ok 'purge' apt_get purge mqueue-plugins mqueue-tools mqueue-plugins-doc
ok '... leaves nothing' diff -u /tmp/before <(every_file)
done_testing
