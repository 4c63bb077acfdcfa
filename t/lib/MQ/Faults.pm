# SPDX-License-Identifier: GPL-3.0-or-later
# Faults.pm - a program whose system calls fail, one after the other
#
# A scenario is a hash; MQ::Scenes has those of the programs:
#     name      what it is called
#     command   the program and its arguments
#     env       for the program
#     set_up    sub that makes things as they were before a run; may be absent
#     only, skip    qr// of the system calls that fail, or don't
#     never     qr// of faults that can't be
#     alone     true: what the program starts is left alone
#     socket    true: standard output is a socket
#     expect    qr// of the answer without a fault
#     cut       sub that takes what varies out of an output
#     wrong     sub($scenario, $result): what is wrong with the answer to a
#               fault; not called for the answer that there is without one
#     check     sub($result): the same of what the program changed; optional
# A fault is "CALL:error=E:when=N". It happens in the Nth call of each thread
# and process, so N begins after what the loader does.
package MQ::Faults;
use strict;
use warnings;

use Exporter qw(import);
use MQ;
use MQ::Net;
use POSIX ();
use Test::More ();

our @EXPORT = qw(try_faults sanitized);

# What a kernel says of each call. What is not here can't fail, or is of the
# C library's own.
my @file = qw(EIO ENOSPC EACCES EROFS);
my %errors = (
	openat => [qw(EACCES EMFILE ENFILE EINTR ENOMEM EIO)],
	getdents64 => [qw(EIO ENOMEM EINTR EACCES)],
	read => [qw(EIO EINTR EAGAIN ENOMEM)],
	newfstatat => [qw(EACCES EIO ENOMEM EINTR)],
	write => [qw(EIO ENOSPC EINTR EAGAIN EPIPE)],
	fcntl => [qw(EINVAL EMFILE)],
	flock => [qw(EINTR ENOLCK EAGAIN)],
	socket => [qw(EMFILE ENFILE ENOMEM EACCES)],
	connect => [qw(EINTR ECONNREFUSED EAGAIN EACCES ENOMEM)],
	recvfrom => [qw(EINTR ECONNRESET ENOMEM EAGAIN)],
	sendto => [qw(EINTR EPIPE ENOMEM EAGAIN)],
	poll => [qw(EINTR ENOMEM)],
	epoll_create1 => [qw(EMFILE ENOMEM)],
	epoll_ctl => [qw(ENOMEM ENOSPC)],
	epoll_wait => [qw(EINTR)],
	clone => [qw(EAGAIN ENOMEM)],
	pipe2 => [qw(EMFILE ENFILE)],
	dup2 => [qw(EMFILE EINTR)],
	execve => [qw(EACCES ENOMEM ENOEXEC)],
	wait4 => [qw(EINTR)],
	mmap => [qw(ENOMEM)],
	brk => [qw(0)],
	mkdirat => \@file, unlinkat => \@file, renameat => \@file,
	linkat => \@file, fchmod => \@file, fchown => \@file,
	utimensat => \@file, ftruncate => \@file,
	fsync => [qw(EIO ENOSPC EINTR)],
	unshare => [qw(EPERM ENOMEM)],
	close => [qw(EIO)],
	prlimit64 => [qw(EPERM)],
	sched_getaffinity => [qw(EINVAL)],
	getsockname => [qw(ENOTSOCK)],
	setsockopt => [qw(ENOMEM)],
	getsockopt => [qw(ENOBUFS)],
	getrandom => [qw(EINTR)],
	ioctl => [qw(ENOTTY EIO)],
	fadvise64 => [qw(EINVAL)],
	eventfd2 => [qw(EMFILE)],
);
my %same = (open => 'openat', pread64 => 'read', preadv2 => 'read',
    readv => 'read', lstat => 'newfstatat', stat => 'newfstatat',
    fstat => 'newfstatat', fstatat => 'newfstatat', statx => 'newfstatat',
    faccessat2 => 'newfstatat', faccessat => 'newfstatat', access =>
    'newfstatat', readlink => 'newfstatat', readlinkat => 'newfstatat',
    pwrite64 => 'write', writev => 'write', clone3 => 'clone',
    vfork => 'clone', fork => 'clone', mprotect => 'mmap',
    ppoll => 'poll', mkdir => 'mkdirat', unlink => 'unlinkat',
    rename => 'renameat', renameat2 => 'renameat', link => 'linkat',
    fdatasync => 'fsync', syncfs => 'fsync', sync_file_range => 'fsync', fchmodat => 'fchmod',
    fchownat => 'fchown', chmod => 'fchmod', dup3 => 'dup2', pipe => 'pipe2',
    sendmsg => 'sendto', sendmmsg => 'sendto', recvmsg => 'recvfrom',
    epoll_pwait => 'epoll_wait', getpeername => 'getsockname',
    openat2 => 'openat', fchdir => 'newfstatat', chdir => 'newfstatat');

# Was this built with a sanitizer? Those do system calls of their own.
sub sanitized {
	return slurp(builddir() . '/config.log') =~
	    /--enable-(?:asan|tsan|ubsan|fuzzing)/;
}

sub _strace {
	my ($s, $trace, @inject) = @_;
	$s->{set_up}->() if $s->{set_up};
	my @command = ('timeout', '-s', 'KILL', '25', 'strace', '-qq',
	    $s->{alone} ? () : '-f', '-o', $trace, @inject, '--',
	    @{$s->{command}});
	# LeakSanitizer can't work below strace.
	my %env = (ASAN_OPTIONS => 'detect_leaks=0', %{$s->{env} // {}});
	my $r;
	if ($s->{socket}) {
		local @ENV{keys %env} = values %env;
		my ($out, $code) = answer(@command);
		# As a shell tells of a signal.
		$r = {out => $out, err => '', code => $code & 127,
		    signal => $code & 128 ? $code & 127 : 0};
	} else {
		$r = run({env => \%env}, @command);
	}
	$_ = $s->{cut}->($_) for $r->{out}, $r->{err};
	return $r;
}

# The number of the trace's line from which on calls are the program's own.
sub _begin {
	my ($s, @lines) = @_;
	my ($main) = $lines[0] =~ /^(\d+)/;
	my $begin = 0;
	for (0 .. $#lines) {
		$begin = $_ if $lines[$_] =~ /^$main +open\w*\(.*\.so[.\d]*"/;
	}
	# After the loader, a sanitizer looks around.
	my $own = sanitized() ?
	    qr/\Q$s->{dir}\E|\b(?:socket|pipe2?)\(/ : qr/\bmunmap\(/;
	$begin++ while $begin < $#lines && $lines[$begin] !~ $own;
	return ($main, $begin);
}

# Runs it without a fault; sets its "right", and returns CALL => [first, last],
# the numbers of what may fail.
sub _calls {
	my ($s, $trace) = @_;
	$s->{right} = _strace($s, $trace);
	my @lines = split /\n/, slurp($trace);
	# Without -f there are no pids.
	@lines = map { "1 $_" } @lines if $s->{alone};
	my ($main, $begin) = _begin($s, @lines);
	my (%n, %first, %last);
	for my $i (0 .. $#lines) {
		my ($pid, $call) = $lines[$i] =~ /^(\d+) +(\w+)\(/ or next;
		my $n = ++$n{$pid}{$call};
		next if !$errors{$same{$call} // $call}
		    || $s->{only} && $call !~ /^(?:$s->{only})$/
		    || $s->{skip} && $call =~ /^(?:$s->{skip})$/
		    || sanitized() && $call =~
		    /^(?:mmap|mprotect|brk|sched_getaffinity|prlimit64)$/;
		if ($pid == $main && $i <= $begin) {
			$first{$call} = $n + 1;
		} elsif ($n > ($last{$call} // 0)) {
			$last{$call} = $n;
		}
	}
	return {map { $_ => [$first{$_} // 1, $last{$_}] }
	    grep { $last{$_} >= ($first{$_} // 1) } keys %last};
}

sub _fault {
	my ($call, $error, $when) = @_;
	# brk(2) has no errno: it gives back where the heap ends.
	return "$call:" . ($error eq '0' ? 'retval' : 'error') .
	    "=$error:when=$when";
}

# Nobody is interrupted for ever, or told to try again.
sub _for_ever {
	my ($call, @errors) = @_;
	return grep { !/EINTR|EAGAIN/ || $call =~ /clone/ } @errors;
}

# The faults. All of them with MQ_FAULTS=all; else the first, second and last
# call fail, and all from the first on. Fewer with sanitizers, which take long.
sub _faults {
	my ($s, $calls) = @_;
	my $all = ($ENV{MQ_FAULTS} // '') eq 'all';
	my @faults;
	for my $call (sort keys %$calls) {
		my ($first, $last) = @{$calls->{$call}};
		my @errors = @{$errors{$same{$call} // $call}};
		if ($all) {
			for my $n ($first .. $last) {
				push @faults, map { _fault($call, $_, $n) }
				    @errors;
				push @faults, map { _fault($call, $_, "$n+") }
				    _for_ever($call, @errors);
			}
			next;
		}
		push @faults, map { _fault($call, $_, $first) } @errors;
		push @faults, map { _fault($call, $_, "$first+") }
		    (_for_ever($call, @errors))[0] // ();
		my @more = grep { $_ > $first && $_ <= $last } $first + 1,
		    $last > $first + 1 ? $last : ();
		for my $i (0 .. $#more) {
			push @faults, _fault($call, $errors[($i + $_) % @errors],
			    $more[$i]) for 0 .. ($#errors > 0);
		}
	}
	@faults = grep { $_ !~ $s->{never} } @faults if $s->{never};
	return sanitized() ? @faults[grep { $_ % 3 == 0 } 0 .. $#faults] :
	    @faults;
}

sub _is_right {
	my ($s, $r) = @_;
	return $r->{out} eq $s->{right}{out}
	    && $r->{code} == $s->{right}{code} && !$r->{signal};
}

# What is wrong with a run.
sub _wrong {
	my ($s, $r) = @_;
	return 'it did not end' if $r->{code} == 137 || $r->{signal} == 9;
	return "signal $r->{signal}" if $r->{signal};
	return (_is_right($s, $r) ? () : $s->{wrong}->($s, $r),
	    $s->{check} ? $s->{check}->($r) : ());
}

# Each fault in turn: lines "fault: what is wrong", after the numbers of faults
# and of those that came to pass.
sub _try {
	my ($s, $trace) = @_;
	my $calls = _calls($s, $trace);
	my ($n, $met, @bad) = (0, 0);
	push @bad, "without a fault: $s->{right}{out}$s->{right}{err}"
	    if $s->{expect} && $s->{right}{out} !~ $s->{expect};
	push @bad, "without a fault: $_" for
	    $s->{check} ? $s->{check}->($s->{right}) : ();
	for my $fault (_faults($s, $calls)) {
		my ($call) = split /:/, $fault;
		my $r = _strace($s, $trace, '-e', "trace=$call", '-e',
		    "inject=$fault");
		$n++;
		$met++ if slurp($trace) =~ /\(INJECTED\)/;
		push @bad, map { "$fault: $_: code $r->{code}\n"
		    . "  out [$r->{out}]\n  err [$r->{err}]" } _wrong($s, $r);
	}
	return ($n, $met, @bad);
}

# try_faults($dir, @scenarios): tries and tests them, two at a time. Files go
# to $dir.
sub try_faults {
	my ($dir, @scenarios) = @_;
	my %pid;
	for my $i (0, 1) {
		my @mine = @scenarios[grep { $_ % 2 == $i } 0 .. $#scenarios];
		my $pid = fork // die "fork: $!\n";
		$pid{$pid} = 1;
		next if $pid;
		eval {
			for my $s (@mine) {
				my ($n, $met, @bad) = _try($s, "$dir/trace$i");
				spew("$dir/$s->{name}.tried", join "\0", $n,
				    $met, @bad);
			}
		};
		print STDERR $@ if $@;
		POSIX::_exit($@ ? 1 : 0);
	}
	waitpid $_, 0 for keys %pid;
	for my $s (@scenarios) {
		my $file = "$dir/$s->{name}.tried";
		my ($n, $met, @bad) = split /\0/, -e $file ? slurp($file) :
		    "0\0000";
		Test::More::cmp_ok($n, '>=', sanitized() ? 2 : 8, "$s->{name}: $n faults");
		# The last call of a thread may be another one's the next time.
		Test::More::cmp_ok($met, '>=', $n * 0.85, "... $met of them met");
		Test::More::is(scalar @bad, 0, '... each was told, or did no'
		    . ' harm') or Test::More::diag(join "\n", @bad);
	}
}

1;
