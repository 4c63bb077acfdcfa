#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# rpm.t - the release archive becomes RPM packages: built, installed, erased
#
# The names in the spec are Fedora's, so what it needs is installed from
# Debian, and rpm is told not to look (--nodeps).
# shellcheck source=t/package/lib.sh
. "${0%/*}/lib.sh"
enter "$0" "$@"
# shellcheck source=t/package/installed.sh
. "${0%/*}/installed.sh"

must 'the list of apt' apt_get update
# shellcheck disable=SC2046 # lists
must 'rpm, and what the spec needs' apt_get install rpm rpmlint xz-utils \
    bash-completion $(documented BUILD_PACKAGES) $(documented CHECK_PACKAGES)
make_builder
must 'rpmbuild' as_builder /scratch/builder rpmbuild -tb --nodeps "$archive"
ok 'the tests ran' grep -q '^All tests successful' "$log"
rpms=$(echo /scratch/builder/rpmbuild/RPMS/*/*.rpm)
ok 'three packages' test "$(echo "$rpms" | wc -w)" = 3
# shellcheck disable=SC2086 # a list
ok 'rpmlint' as_builder /scratch/builder rpmlint \
    -c "$MQ_SRCDIR/t/package/rpmlint.toml" $rpms
sed 's/^/# /' "$log"

useradd --system nagios
# In Fedora a package of its own has it.
mkdir -p /usr/share/licenses
every_file >/tmp/before
# Debian's rpm would rather not install anything.
# shellcheck disable=SC2086 # a list
must 'rpm installs the packages' rpm --force-debian --nodeps -U $rpms
ok 'all files are as packed' rpm --force-debian -V --nodeps mqueue-plugins \
    mqueue-tools mqueue-plugins-doc
check_installed /usr/lib64/nagios/plugins
ok 'rpm erases them' rpm --force-debian -e mqueue-plugins mqueue-tools \
    mqueue-plugins-doc
ok '... and nothing stays' diff -u /tmp/before <(every_file)
done_testing
