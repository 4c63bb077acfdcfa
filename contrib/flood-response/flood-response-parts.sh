#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# flood-response-parts - settings of flood-response, its commands, its words
#
# Read by flood-response, which owns the variables.
# shellcheck disable=SC2034,SC2154
# --- settings -------------------------------------------------------------

set_defaults() {
	scanner_conf='' scanner_status='' scanner_stop='' scanner_start=''
	scanner_wait=60
	qstat=qstat qblock=qblock qflush=qflush sendmail=/usr/sbin/sendmail
	queues='' access_map='' sendmail_cf='' smtp_ports=25
	expire=24h reply=REJECT rescan=20 pause=1s max='' release_rate=''
	records=/var/lib/mqueue-plugins/floods
}

# set_one KEY WORDS: no value has a meaning to a shell.
set_one() {
	case $1 in
	scanner_conf) scanner_conf=$2 ;;
	scanner_status) scanner_status=$2 ;;
	scanner_stop) scanner_stop=$2 ;;
	scanner_start) scanner_start=$2 ;;
	scanner_wait) scanner_wait=$2 ;;
	qstat) qstat=$2 ;;
	qblock) qblock=$2 ;;
	qflush) qflush=$2 ;;
	sendmail) sendmail=$2 ;;
	queue) queues="$queues -q $2" ;;
	access_map) access_map=$2 ;;
	sendmail_cf) sendmail_cf=$2 ;;
	smtp_ports) smtp_ports=$2 ;;
	expire) expire=$2 ;;
	reply) reply=$2 ;;
	rescan) rescan=$2 ;;
	pause) pause=$2 ;;
	max) max=$2 ;;
	release_rate) release_rate=$2 ;;
	records) records=$2 ;;
	*) return 1 ;;
	esac
}

# read_settings FILE: lines of KEY WORDS...; # begins a comment. They name
# programs that run as root: nobody else may write them.
read_settings() {
	[ -f "$1" ] || die "$1: no such file"
	is_ours "$1" || die "$1: $why: nothing in it is used"
	line=0
	while read -r key value || [ -n "$key" ]; do
		line=$((line + 1))
		case $key in
		'' | '#'*) continue ;;
		esac
		set_one "$key" "$value" ||
			die "$1, line $line: unknown setting '$key'"
	done <"$1"
	case $scanner_wait$rescan$smtp_ports in
	*[!0-9\ ]*) die "$1: scanner_wait, rescan, smtp_ports: no number" ;;
	esac
	case $records in
	/*) ;;
	*) die "$1: records: '$records' is no absolute path" ;;
	esac
}

# --- who may write --------------------------------------------------------

# is_ours PATH [above]: no link, it belongs to root or to this user, and nobody
# else may write to it; else 1, and why. Above what counts, a directory like
# /tmp will do: nobody can take away there what is another's.
is_ours() {
	why='it cannot be looked at'
	look=$(LC_ALL=C ls -ldn -- "$1" 2>/dev/null) || return 1
	read -r mode links owner look <<EOT
$look
EOT
	case $mode${2:+-$2} in
	l*) why='it is a symbolic link' && return 1 ;;
	d????????[tT]*-above) ;;
	?????w* | ????????w*)
		why="others may write to it: chmod go-w $1" && return 1 ;;
	esac
	[ "$owner" = 0 ] || [ "$owner" = "$me" ] || {
		why="it belongs to another user: chown root $1"
		return 1
	}
}

# is_our_tree DIR: the same of a directory and of all that lead to it, as it
# is said by the system (pwd -P): DIR itself is no link.
is_our_tree() {
	is_ours "$1" || return 1
	above=$1
	while [ "$above" != / ]; do
		above=${above%/*}
		above=${above:-/}
		is_ours "$above" above || {
			why="$above: $why"
			return 1
		}
	done
}

# --- commands -------------------------------------------------------------

# words SETTING ARGUMENT...: runs the words of a setting, and the arguments.
words() {
	(become "$@")
}

# The same in the place of this process. The lock stays with the response.
become() {
	setting=$1
	shift
	set -f
	# shellcheck disable=SC2086 # words are meant
	set -- $setting "$@"
	set +f
	exec "$@" 8>&-
}

run_qblock() {
	words "$qblock" "$@" ${access_map:+--map "$access_map"} \
	    ${sendmail_cf:+--cf "$sendmail_cf"}
}

# add_block OPTION...: what both the dry run and the block itself ask of it.
add_block() {
	run_qblock add "$address" --expire "$expire" --reply "$reply" \
	    --reason "$reason" "$@"
}

run_qstat() {
	words "$qstat$queues" "$@"
}

# run_qflush ACTION ARGUMENT...: so that a signal interrupts it.
run_qflush() {
	action_option=--$1
	shift
	before_qflush=${!:-none} flushing=yes
	become "$qflush$queues" "$action_option" "$@" "$address" \
	    ${newer:+"newer:$newer"} &
	wait "$!"
	status=$?
	flushing=
	return "$status"
}

# When a signal came: only what run_qflush began, if it had begun.
end_qflush() {
	[ -n "$flushing" ] && [ "${!:-none}" != "$before_qflush" ] || return 0
	kill -TERM "$!" && wait "$!"
}

# How many messages of the address are queued.
count() {
	run_qstat --messages "$address" -n 0 --tsv 2>/dev/null |
		awk 'END { print (NR > 0 ? NR - 1 : 0) }'
}

# sessions OPTION: the open SMTP sessions of the address, by ss. It takes what
# follows the last colon of an address for a port, but for that of a prefix.
sessions() {
	ports='' host=$address
	case $address in
	*/*) ;;
	*:*) host="[$address]" ;;
	esac
	for port in $smtp_ports; do
		ports="$ports${ports:+ or }sport = :$port"
	done
	ss "$1" state established "dst $host and ( $ports )"
}

open_sessions() {
	if ! command -v ss >/dev/null; then
		echo 'unknown, there is no ss'
	elif said=$(sessions -Htn 2>&1); then
		printf '%s' "$said" | awk 'END { print NR }'
	else
		echo "unknown, ss fails: $said" | sed 1q
	fi
}

# --- times ----------------------------------------------------------------

now() {
	date -u +%Y-%m-%dT%H:%M:%SZ
}

# A time in seconds since 1970, by the date(1) of GNU or of BSD.
utc() {
	date -u -d "@$1" +%Y-%m-%dT%H:%M:%SZ 2>/dev/null ||
		date -u -r "$1" +%Y-%m-%dT%H:%M:%SZ
}

# Tenths of a second, of a clock that nobody sets; where there is none, whole
# seconds of the other one.
clock() {
	if read -r up rest 2>/dev/null </proc/uptime; then
		tenth=${up#*.}
		echo "${up%.*}${tenth%"${tenth#?}"}"
	else
		echo "$(date +%s)0"
	fi
}

# Since the response began: 13.5
seconds() {
	tenths=$(($(clock) - begun))
	echo "$((tenths / 10)).$((tenths % 10))"
}

# --- what the operator is told --------------------------------------------
#
# A reader may have gone (SIGPIPE is ignored) or may not read (less, ^S). So
# nothing is written to the operator from the stop of MailScanner to its
# start, but kept in the record, and told then.

tell() {
	if [ -n "$hushed" ]; then
		cat >>"$record/untold"
	else
		cat 2>/dev/null >&3
	fi
}

# To the operator, and to the timeline of the record.
say() {
	[ ! -d "$record" ] || printf '%s %6ss  %s\n' "$(now)" "$(seconds)" "$*" \
	    2>/dev/null >>"$record/timeline.txt"
	printf '%s\n' "$*" | tell
}

# show FILE: what a command said, to the operator.
show() {
	sed 's/^/     /' "$1" | tell
}

hush() {
	hushed=yes
}

speak() {
	hushed=
	[ ! -f "$record/untold" ] || tell <"$record/untold"
	rm -f "$record/untold"
}
