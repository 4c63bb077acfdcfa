#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# deb.t - the release archive becomes Debian packages that lintian likes
#
# Only what debian/control asks for is installed; the tests of the package
# run, as on a build daemon. Leaves the packages in package/out/deb.
# shellcheck source=t/package/lib.sh
. "${0%/*}/lib.sh"
enter "$0" "$@"

must 'the list of apt' apt_get update
must 'what unpacks the archive' apt_get install xz-utils
make_builder
must 'unpack' unpack
cp "$archive" \
    "/scratch/builder/mqueue-plugins_$version.orig.tar.xz"
must 'Build-Depends' apt_get build-dep "$top"
must 'dpkg-buildpackage' as_builder "$top" dpkg-buildpackage -us -uc
grep -E '^(All tests successful|Files=)' "$log" | sed 's/^/# /'
ok 'the tests ran' grep -q '^All tests successful' "$log"
rm -rf /out/deb
mkdir /out/deb
cp /scratch/builder/*.deb /out/deb
rm /out/deb/*-dbgsym_*.deb

must 'lintian is installed' apt_get install lintian
ok 'lintian has nothing to say' as_builder /scratch/builder \
    lintian --fail-on error,warning,info,pedantic --display-info --pedantic \
    --tag-display-limit 0 "$(echo /scratch/builder/*.changes)"
lintian --version | sed 's/^/# /'
done_testing
