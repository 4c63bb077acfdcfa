# SPDX-License-Identifier: GPL-3.0-or-later
# lib.sh - what t/package/*.t share: a bare Debian, an unprivileged user, TAP
#
# A test calls enter first: what follows runs as root in a bare Debian of its
# own, which is gone afterwards, with the network of this machine for apt. The
# directory package/out of the build is its /out.
# shellcheck shell=bash disable=SC2016,SC2034 # perl and sh; variables of tests
set -uo pipefail
umask 022

: "${MQ_SRCDIR:=$(cd "${0%/*}/../.." && pwd)}"
: "${MQ_BUILDDIR:=$MQ_SRCDIR/build}"
version=$(sed -n 's/^AC_INIT(\[mqueue-plugins\], \[\(.*\)\])$/\1/p' \
    "$MQ_SRCDIR/configure.ac")
archive=$MQ_BUILDDIR/mqueue-plugins-$version.tar.xz
top=/scratch/builder/mqueue-plugins-$version
tests=0
failed=0
log=/tmp/log

# enter FILE [ARGUMENT]...: returns inside only.
enter() {
	[ "${2:-}" != --inside ] || return 0
	local here
	here=$(cd "$(dirname "$1")" && pwd)
	export MQ_SRCDIR MQ_BUILDDIR MQ_LAB=$MQ_BUILDDIR/package MQ_NETWORK=host
	export MQ_OUT=$MQ_LAB/out
	mkdir -p "$MQ_OUT" && "$here/make" &&
		exec "$here/../lab/run" "$here/${1##*/}" --inside
	exit 1
}

# ok NAME COMMAND...: one test; tells what the command said when it failed. That
# is in $log afterwards; the command finds there what the one before it said.
ok() {
	local name=$1 rc=0
	shift
	tests=$((tests + 1))
	"$@" >"$log.now" 2>&1 </dev/null || rc=$?
	mv "$log.now" "$log"
	if [ "$rc" = 0 ]; then
		echo "ok $tests - $name"
		return 0
	fi
	failed=1
	echo "not ok $tests - $name"
	# Not how each file was compiled.
	grep -Ev '^(gcc|cc|libtool) |^ +(CC|CCLD|AR) ' "$log" | tail -n 200 |
		sed 's/^/# /' >&2
	return 1
}

# must NAME COMMAND...: the same, where nothing can follow that failed.
must() {
	ok "$@" || done_testing
}

done_testing() {
	echo "1..$tests"
	exit "$failed"
}

# The words of a list in quickstart.
documented() {
	perl -0ne "print \$1 if /^$1='([^']*)'/m" "$MQ_SRCDIR/quickstart" | xargs
}

apt_get() {
	DEBIAN_FRONTEND=noninteractive apt-get -q -y \
	    -o Dpkg::Use-Pty=0 --no-install-recommends "$@"
}

# A user without any right, and no network but loopback, as a build daemon
# has it. There is no ip(8) in a bare Debian, but perl.
make_builder() {
	useradd --create-home --base-dir /scratch --shell /bin/sh builder
}

loopback='socket(my $s, 2, 2, 0) or die "socket: $!";
	my $up = pack("a16 s x22", "lo", 0x41);
	ioctl($s, 0x8914, $up) or die "lo: $!"'

# as_builder DIR COMMAND...
as_builder() {
	local dir=$1
	shift
	(cd "$dir" && unshare --net sh -c 'perl -e "$0" && exec "$@"' \
	    "$loopback" setpriv --reuid builder --regid builder --clear-groups \
	    --inh-caps=-all --no-new-privs env -i PATH="$PATH" LC_ALL=C.UTF-8 \
	    HOME=/scratch/builder "$@")
}

# unpack: the release archive, as the builder, in its home.
unpack() {
	as_builder /scratch/builder tar xf "$archive"
}
