#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# flood-response-scanner - whether MailScanner runs; its stop, start and guard
#
# Read by flood-response, which owns the variables.
#
# Whether it runs is a question about processes. A unit of systemd says
# "active" of a MailScanner that died (RemainAfterExit), and the init script
# of version 5 exits with 0 whatever it finds. So ps(1) is asked: MailScanner's
# processes have a title of their own, belong to root or to its "Run As User",
# and the parent leads their process group. The pid file tells which parent
# the stop command would stop.
#
# While MailScanner is stopped a second process, the guard, waits at a pipe
# for the response to say that it is done, or to be gone; then it starts it.
# The commands of the response hold the pipe, too: the guard waits for them.
# A daemon must not hold it. So a shell does that holds it while the start
# command runs without.
#
# Limits: the processes of a FreeBSD jail are taken for those of this host.
# INT and QUIT stay ignored in what a start command starts, as in all that a
# shell runs in the background.
# shellcheck disable=SC2034,SC2154

# --- what MailScanner.conf says -------------------------------------------

# The lines that matter of a file and of what it includes: KEY VALUE. Keys are
# compared as MailScanner does: letters and digits, in lower case.
scanner_conf_lines() {
	awk '{
		sub(/#.*/, ""); gsub(/^[ \t]+|[ \t\r]+$/, "")
		if (tolower($1) == "include" && !/=/) {
			sub(/^[^ \t]+[ \t]+/, ""); print "include", $0; next
		}
		at = index($0, "=")
		if (at == 0) next
		key = tolower(substr($0, 1, at - 1))
		gsub(/[^%a-z0-9]/, "", key)
		value = substr($0, at + 1); sub(/^[ \t]+/, "", value)
		if (key ~ /^%.*%$/ || key == "pidfile" || key == "runasuser")
			print key, value
	}' "$1" | while read -r key value; do
		if [ "$key" != include ]; then
			printf '%s %s\n' "$key" "$value"
			continue
		fi
		[ "$2" -gt 0 ] || continue
		for file in $value; do
			[ ! -f "$file" ] ||
				scanner_conf_lines "$file" $(($2 - 1))
		done
	done
}

# Sets scanner_conf, pid_file and run_as, the number of a user.
scanner_read_conf() {
	pid_file=/var/run/MailScanner.pid run_as=0
	for file in /etc/MailScanner /opt/MailScanner/etc \
	    /usr/local/etc/MailScanner; do
		[ -z "$scanner_conf" ] && [ -f "$file/MailScanner.conf" ] &&
			scanner_conf=$file/MailScanner.conf
	done
	[ -n "$scanner_conf" ] || return 0
	[ -r "$scanner_conf" ] ||
		die "scanner_conf: $scanner_conf cannot be read"
	said=$(scanner_conf_lines "$scanner_conf" 8 | awk '{
		key = $1; sub(/^[^ ]+ ?/, "")
		while (match($0, /%[^%]+%/)) {
			name = tolower(substr($0, RSTART, RLENGTH))
			gsub(/[^%a-z0-9]/, "", name)
			$0 = substr($0, 1, RSTART - 1) var[name] \
			    substr($0, RSTART + RLENGTH)
		}
		var[key] = $0
	} END { print var["pidfile"]; print var["runasuser"] }')
	user=$(printf '%s\n' "$said" | sed -n 2p)
	said=$(printf '%s\n' "$said" | sed -n 1p)
	pid_file=${said:-$pid_file}
	[ -z "$user" ] || run_as=$(id -u "$user" 2>/dev/null) ||
		die "$scanner_conf: Run As User: there is no user '$user'"
}

# --- which processes there are --------------------------------------------

# Of all processes, those that are MailScanner: KIND PID, where KIND is parent,
# dying (a parent that was told to stop), starting (it has no title yet), or
# orphan, a process that has lost its parent. An interpreter that runs
# MailScanner with an option only answers a question, as with --lint.
scanner_processes() {
	{
		ps -A -ww -o pid= -o ppid= -o pgid= -o uid= -o args=
		echo "status $?"
	} | awk -v run_as="$run_as" -v me="$(id -u)" '
	function is_script(n, i, found) {
		if ($5 !~ /(^|\/)perl[0-9.]*$/) return 0
		for (i = 6; i <= n; i++) {
			if (found && $i ~ /^-/) return 0
			if ($i ~ /(^|\/)MailScanner$/) found = 1
		}
		return found
	}
	$1 == "status" { answered = $2 == 0 && NR > 1 }
	$4 != 0 && $4 != run_as && $4 != me { next }
	$5 == "MailScanner:" || $5 $6 == "perl:MailScanner:" {
		if ($1 != $3) child[$1] = $3
		else if (/killing children/) kind[$1] = "dying"
		else kind[$1] = "parent"
		next
	}
	is_script(NF) { kind[$1] = $1 == $3 ? "parent" : "starting" }
	END {
		for (pid in kind) print kind[pid], pid
		for (pid in child) if (!(child[pid] in kind))
			print "orphan", pid
		if (answered) print "end 0"
	}' | sort -n -k 2
}

# A process of a container has a number here, too; it is not ours.
is_here() {
	theirs=$(readlink "/proc/$1/ns/pid" 2>/dev/null) || return 0
	[ "$theirs" = "$(readlink /proc/self/ns/pid)" ]
}

# Sets scanner_is to one of
#   runs stopped         what one hopes for
#   starting stopping    it will be one of these
#   twice lost orphans   something is wrong: see scanner_trouble
#   unknown              and scanner_why says why
# and parents to the numbers of parent processes, others to those of the rest.
scanner_look() {
	parents='' others='' dying='' starting='' seen=''
	if [ -n "$scanner_status" ]; then
		scanner_ask
		return
	fi
	while read -r kind pid; do
		is_here "$pid" || continue
		case $kind in
		end) seen=yes ;;
		parent) parents="$parents${parents:+ }$pid" ;;
		dying) dying=$pid ;;
		starting) starting=$pid ;;
		orphan) others="$others${others:+ }$pid" ;;
		esac
	done <<EOT
$(scanner_processes 2>/dev/null)
EOT
	named=$(sed -n '1s/^\([0-9][0-9]*\)[^0-9]*$/\1/p' "$pid_file" 2>/dev/null)
	scanner_judge
}

scanner_judge() {
	scanner_is=stopped
	if [ -z "$seen" ]; then
		scanner_is=unknown scanner_why='ps did not answer'
	elif [ -n "$dying" ]; then
		scanner_is=stopping
	elif [ -n "$starting" ]; then
		scanner_is=starting
	elif [ "$parents" != "${parents#* }" ]; then
		scanner_is=twice
	elif [ -n "$parents" ] && [ "$parents" != "$named" ]; then
		scanner_is=lost
	elif [ -n "$parents" ]; then
		scanner_is=runs
	elif [ -n "$others" ]; then
		scanner_is=orphans
	fi
}

# The same by a command: the exit status is 0 if it runs, 3 if it is stopped.
# All else is no answer: "unrecognized service" is 1.
scanner_ask() {
	said=$(words "$scanner_status" </dev/null 2>&1 3>&- 9>&-)
	status=$?
	case $status in
	0) scanner_is=runs ;;
	3) scanner_is=stopped ;;
	*)
		scanner_is=unknown
		scanner_why="scanner_status, '$scanner_status', exits with"
		scanner_why="$scanner_why $status, not 0 (it runs) or 3 (it is"
		scanner_why="$scanner_why stopped)${said:+, and says: $said}"
		;;
	esac
}

# What is wrong, and what to do.
scanner_trouble() {
	case $scanner_is in
	twice)
		echo "MailScanner runs twice: processes $parents; its pid" \
		    "file $pid_file names ${named:-none}, so that a stop" \
		    "leaves the other. End both: kill $parents; when they" \
		    "are gone: ${scanner_start:-start MailScanner}" ;;
	lost)
		echo "MailScanner runs as process $parents, but its pid file" \
		    "$pid_file names ${named:-none}, so that a stop does" \
		    "nothing. Mend it: echo $parents >$pid_file" ;;
	orphans)
		echo "MailScanner's parent process is gone, but its children" \
		    "still work: processes $others. End them: kill $others;" \
		    "then: ${scanner_start:-start MailScanner}" ;;
	starting | stopping)
		echo "MailScanner has been $scanner_is for $scanner_wait" \
		    "seconds: process $starting$dying" ;;
	unknown) echo "it is not known whether MailScanner runs: $scanner_why" ;;
	esac
}

# --- waiting --------------------------------------------------------------

moment() {
	sleep 0.2 2>/dev/null || sleep 1
}

# scanner_settle [runs|stopped]: looks until it is neither starting nor
# stopping, and what was named, if that can be expected at all.
scanner_settle() {
	tries=0
	while :; do
		scanner_look
		most=$((scanner_wait * 5))
		case $scanner_is/${1:-any} in
		runs/runs | stopped/stopped | runs/any | stopped/any) return 0 ;;
		unknown/any | twice/any | twice/runs) return 1 ;;
		# The pid file is written, children end, a moment later.
		lost/any | orphans/any) most=10 ;;
		esac
		[ "$tries" -lt "$most" ] || return 1
		tries=$((tries + 1))
		moment
	done
}

# --- its commands ---------------------------------------------------------

# unit_state PROPERTY: of the unit that is looked at.
unit_state() {
	systemctl show -p "$1" "$unit.service" 2>/dev/null |
	    sed -n "s/^$1=//p"
}

# The unit that MailScanner was started by. One that says "inactive" of a
# MailScanner that runs does not stop it.
find_unit() {
	[ -d /run/systemd/system ] || return 1
	for unit in mailscanner MailScanner; do
		[ "$(unit_state LoadState)" = loaded ] || continue
		case $scanner_is/$(unit_state ActiveState) in
		runs/inactive | runs/failed) continue ;;
		esac
		return 0
	done
	return 1
}

find_script() {
	for script in /etc/init.d/mailscanner /etc/init.d/MailScanner \
	    /usr/lib/MailScanner/init/ms-init /var/lib/MailScanner/init/ms-init \
	    /usr/local/etc/rc.d/mailscanner; do
		[ ! -x "$script" ] || return 0
	done
	return 1
}

# Sets scanner_stop and scanner_start, if no setting has.
scanner_find() {
	[ -z "$scanner_stop" ] || [ -z "$scanner_start" ] || return 0
	unit='' script=''
	if find_unit; then
		stop="systemctl stop $unit.service"
		start="systemctl start $unit.service"
	elif find_script; then
		case $script in
		*/rc.d/*) stop="$script onestop" start="$script onestart" ;;
		*) stop="$script stop" start="$script start" ;;
		esac
	else
		return 1
	fi
	[ -n "$scanner_start" ] || started_by=$unit
	scanner_stop=${scanner_stop:-$stop}
	scanner_start=${scanner_start:-$start}
}

# systemd does not start a unit again that it takes for active.
start_words() {
	unit=$started_by
	if [ -n "$unit" ] && [ "$(unit_state ActiveState)" = active ]; then
		echo "systemctl restart $unit.service"
	else
		echo "$scanner_start"
	fi
}

# No signal that is meant for the response ends a stop or a start.
shield() {
	trap '' HUP INT QUIT PIPE TERM ALRM USR1 USR2
}

# In the background, in the place of that process.
run_stop() {
	shield
	become "$scanner_stop" </dev/null >>"$record/scanner.txt" 2>&1 3>&-
}

# See the top: this shell holds the pipe of the guard, the command does not.
run_start() (
	said=
	shield
	command=$(start_words)
	# A disk that is full, or read-only, does not keep it from starting.
	{ true >>"$record/scanner.txt"; } 2>/dev/null && said=$record/scanner.txt
	(
		trap - HUP PIPE TERM ALRM USR1 USR2 TSTP TTIN TTOU
		become "$command"
	) </dev/null >>"${said:-/dev/null}" 2>&1 3>&- 9>&-
	status=$?
	exit "$status"
)

# Starts it unless it runs; it runs afterwards, or 1. Somebody else may have
# started it, and a start that was left alone may go on.
scanner_begin() {
	scanner_settle
	case $scanner_is in
	runs | twice | lost) return 0 ;;
	esac
	if run_start; then scanner_settle runs; else scanner_settle; fi
	case $scanner_is in
	runs | twice | lost) ;;
	*) return 1 ;;
	esac
}

# --- the guard ------------------------------------------------------------

# The second process; see the top. Standard input is the pipe.
guard() {
	shield
	hush
	read -r word && [ "$word" = ended ] && exit
	if scanner_begin; then
		note scanner started
		say 'the response was gone: its guard has started MailScanner'
		trouble=$(scanner_trouble)
		[ -z "$trouble" ] || say "   NOT ALL IS WELL: $trouble"
	else
		say 'the response was gone, and its guard could not start' \
		    'MailScanner: MAILSCANNER DOES NOT RUN (scanner.txt)'
	fi
	speak
}

# Tells the guard that all is done, and waits until it has gone.
end_guard() {
	[ -n "$guard_pid" ] || return 0
	echo ended >&9
	exec 9>&-
	wait "$guard_pid"
	guard_pid=
}

begin_guard() {
	mkfifo "$record/pipe" || fail 'no pipe for the guard'
	# Both ends at once, so that nobody waits for the other to come.
	# shellcheck disable=SC2094 # it is a pipe
	exec 9<>"$record/pipe" 7<"$record/pipe"
	rm "$record/pipe"
	# By exec: for a function a shell would keep what it closes.
	(
		exec <&7 7<&- 9>&- >/dev/null 2>&1
		guard
	) &
	guard_pid=$!
	exec 7<&-
}
