#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# quickstart.t - ./quickstart as a new user runs it: on a bare Debian, as root
# shellcheck disable=SC2016 # scripts
# shellcheck source=t/package/lib.sh
. "${0%/*}/lib.sh"
enter "$0" "$@"

# xz is no part of a bare Debian, and no host has a name here.
must 'the list of apt' apt_get update
must 'xz, to unpack the archive' apt_get install xz-utils
rm /etc/hosts
mkdir /scratch/user
must 'unpack' tar xf "$archive" -C /scratch/user
cd "/scratch/user/mqueue-plugins-$version" || exit 1
must './quickstart' ./quickstart
# Beside what apt says of packages.
cp "$log" /tmp/said
ok '... prints less than 30 lines' sh -c '[ "$(wc -l </tmp/said)" -lt 30 ]'
ok '... with an answer of check_mqueue' \
    grep -q '^MQUEUE OK - sample 12 messages, oldest 6m |' /tmp/said
sed -n 's,^  \(build/\),\1,p' /tmp/said >/tmp/next
ok '... ends with the next three commands' \
    sh -c '[ "$(wc -l </tmp/next)" = 3 ]'
while read -r command; do
	# shellcheck disable=SC2086 # its words
	ok "... of which each works: $command" $command
done </tmp/next
cp -r . ../without
apt_get remove xz-utils >/dev/null 2>&1
cd ../without/build || exit 1
ok 'make dist without xz fails' sh -c '! make -s dist'
ok '... and says what is missing' \
    grep -qx 'make dist needs xz: apt-get install xz-utils' "$log"
ok '... and leaves no archive' sh -c '! ls *.tar.xz'
done_testing
