#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# dist.t - the release archive on a bare Debian, with the packages of README
# shellcheck disable=SC2016 # scripts
# shellcheck source=t/package/lib.sh
. "${0%/*}/lib.sh"
enter "$0" "$@"

# An archive is built without autoconf and automake.
build=$(documented BUILD_PACKAGES)
build=${build/autoconf automake /}
must 'the list of apt' apt_get update
# shellcheck disable=SC2046,SC2086 # lists
must 'the packages that are documented' apt_get install xz-utils $build \
    $(documented CHECK_PACKAGES)
make_builder
# A container may have no host names at all.
rm /etc/hosts
must 'unpack' unpack
must 'configure' as_builder "$top" ./configure --enable-werror --prefix=/usr \
    --with-plugindir=/usr/lib/nagios/plugins \
    --with-statedir=/var/lib/mqueue-plugins
must 'make' as_builder "$top" make -s -j"$(nproc)"
ok 'make check-build' as_builder "$top" make -s check-build
grep -h 'skipped' "$log" | sed 's/^/# /'
ok 'make install' as_builder "$top" make -s install DESTDIR="$top/root"
ok 'what is installed' diff -u "$MQ_SRCDIR/t/package/installed" <(
	cd "$top/root" && find . ! -type d ! -path '*/examples/*' |
		sed 's/^\.//' | LC_ALL=C sort)
ok 'all samples are' diff -u <(
	cd "$top" && find contrib -type f \( ! -path '*/flood-response/*' -o \
	    -name flood-response.conf \) | sort) <(
	cd "$top/root/usr/share/doc/mqueue-plugins/examples" &&
		find contrib -type f | sort)
ok 'nothing is setuid' sh -c '! find "$1" -perm /7000 | grep .' sh "$top/root"
ok 'check_mqueue runs' sh -c '[ "$("$1" -V)" = "$2" ]' sh \
    "$top/root/usr/lib/nagios/plugins/check_mqueue" \
    "check_mqueue (mqueue-plugins) $version"
done_testing
