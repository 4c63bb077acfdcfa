#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# flood-killed.t - MailScanner runs again, once, whatever becomes of
# flood-response: a step that fails, each signal at each step, an output that
# nobody reads; in both of the shells that are /bin/sh somewhere
use strict;
use warnings;

use Fcntl qw(F_SETFL F_GETFL O_NONBLOCK);
use FindBin;
use lib "$FindBin::Bin/../lib";
use MQ;
use MQ::Flood;
use Test::More;

need('root', 'm4', 'ip', 'ss', '/usr/sbin/sendmail', '/usr/sbin/makemap');

my $work = tempdir();
my $dir = "$work/host";
my $flooder = '192.0.2.66';
my $host = MQ::Flood->new(dir => $dir);
my $scanner = $host->{scanner};
my $journal = "--journal $dir/journal";
$host->{sendmail}->send(20, client => $flooder, to => 'b@lab.example.net');
my $access = slurp($host->{access});
my @yes = ($flooder, '--yes', '--max', '100%');

# The steps, each with the tool that takes it and a pattern of its words.
my %tool = (block => ['qblock', "*' add '*'--yes '*"],
    hold => ['qflush', "*' --hold '*'--yes '*"],
    verify => ['qblock', "*' check '*"]);
my @steps = qw(block stop hold start verify);

# What MailScanner was told before each step, and what it is told after it.
my %log = (block => ['', ''], stop => ['', 'stop start'],
    hold => ['stop', 'start'], start => ['stop', 'start'],
    verify => ['stop start', '']);

# A program in the place of a tool: in its step it runs what is given. In an
# undo it is the tool.
sub instead {
	my ($step, $does) = @_;
	my ($tool, $pattern) = @{$tool{$step}};
	spew("$dir/instead", "#!/bin/sh\ncase \" \$* \" in\n$pattern) $does ;;\n",
	    "esac\nexec @{[program($tool)]} \"\$@\"\n");
	chmod 0755, "$dir/instead";
	$host->configure($tool => "$dir/instead"
	    . ($tool eq 'qflush' ? " $journal" : ''));
}

# begin_at(STEP [, \%fds]): begins a response, which waits in that step until
# go() is called; returns its process.
sub begin_at {
	my ($step, @fds) = @_;
	my $at = $tool{$step} ? $dir : $scanner->{dir};
	unlink map { ("$_/waiting", "$_/go", "$_/stop-wait", "$_/start-wait") }
	    $dir, $scanner->{dir};
	if ($tool{$step}) {
		instead($step, ": >$dir/waiting; "
		    . "while test ! -e $dir/go; do sleep 0.02; done");
	} else {
		spew("$at/$step-wait", '');
	}
	my $pid = $host->begin(@fds, @yes);
	wait_for(sub { -e "$at/waiting" }, "the response to $step");
	return $pid;
}

sub go {
	spew("$_/go", '') for $dir, $scanner->{dir};
}

sub ended {
	my ($pid) = @_;
	waitpid $pid, 0;
	return $? & 127 ? 'signal ' . ($? & 127) : 'exit ' . ($? >> 8);
}

sub state_of {
	my ($record) = @_;
	return {map { /^(\S+) (.*)/ } split /\n/, slurp("$record/state")};
}

# After a kill: the guard is the last to end, and has the lock until then.
sub guard_ended {
	wait_for(sub { run('flock', '-n', "$host->{records}/.lock",
	    'true')->{code} == 0 }, 'the guard');
}

# Back to the state before: what undo is for. It has the settings of the
# response.
sub undo {
	my @records = @_ ? @_ : $host->record;
	go();
	for my $record (@records) {
		my $r = $host->respond('undo', $record, '--yes');
		is($r->{code}, 0, 'undo') or diag $r->{out}, $r->{err};
	}
	unlink map { "$scanner->{dir}/$_" } qw(go stop-wait start-wait);
	$host->configure;
	is(slurp($host->{access}), $access, '... the block is gone');
	is_deeply($host->count, {qf => 20, df => 20}, '... the mail is back');
	is(scalar(my @p = $scanner->parents), 1, '... MailScanner runs, once');
	$host->log;
}

for my $shell (qw(dash bash)) {
	$host->{shell} = $shell;
	note $shell;
	failing_steps();
	signals($shell eq 'dash' ? qw(HUP INT QUIT TERM ALRM USR1 USR2) :
	    qw(INT HUP));
	kills();
	outputs();
	readers();
	one_at_a_time();
}
two_parents();
done_testing;

sub failing_steps {
	subtest 'a step that fails' => sub {
		for (['block', 'exit 2', qr/^FAILED: no block$/m, ''],
		    ['hold', 'exit 2', qr/^FAILED: qflush, see/m, 'stop start'],
		    ['hold', 'kill -KILL $$', qr/^FAILED: qflush, see/m,
			'stop start']) {
			my ($step, $does, $said, $log) = @$_;
			instead($step, "echo no $step; $does");
			my $r = $host->respond(@yes);
			is($r->{code}, 2, "$step: $does: exits 2");
			like($r->{out}, $said, '... says what failed');
			like($r->{out}, qr/^to take back .*: flood-response undo \//m,
			    '... and how to go back');
			is($host->log, $log, '... MailScanner runs again');
			if ($step eq 'block') {
				$host->configure;
				my $r = $host->respond('undo', $host->record);
				like($r->{out}, qr/not known .* qblock list/,
				    'undo says what it does not know');
			}
			undo();
		}
	};

	subtest 'messages in use, and a check that fails' => sub {
		spew("$dir/partly", "#!/bin/sh\n@{[program('qflush')]} \"\$@\"",
		    "\ncase \" \$* \" in *' --hold '*) exit 1 ;; esac\n");
		chmod 0755, "$dir/partly";
		$host->configure(qflush => "$dir/partly $journal");
		my $r = $host->respond(@yes);
		is($r->{code}, 1, 'qflush exits 1, and so do we');
		like($r->{out}, qr/NOT ALL IS WELL: qflush left some/, '... saying so');
		undo();
		$host->configure(sendmail => '/bin/true');
		$r = $host->respond(@yes);
		is($r->{code}, 1, 'sendmail gives no answer');
		like($r->{out}, qr/NOT ALL IS WELL: a new connection is not refused/,
		    '... which is said');
		undo();
	};

	subtest 'MailScanner that does not stop, or not start' => sub {
		my $knob = "$scanner->{dir}/no-stop";
		spew($knob, '');
		my $r = $host->respond(@yes);
		is($r->{code}, 2, 'it does not stop: exits 2');
		like($r->{out}, qr/^FAILED: MailScanner could not be stopped/m,
		    '... saying so');
		is($host->count->{qf}, 20, '... nothing is held');
		ok($host->runs, '... and it runs');
		unlink $knob;
		is($host->log, '', '... was not started a second time');
		undo();

		# It ends "well", and does nothing, as the real one without a pid
		# file.
		$host->configure(scanner_stop => '/bin/true', scanner_wait => 1);
		$r = $host->respond(@yes);
		is($r->{code}, 1, 'a stop that stops nothing: exits 1');
		like($r->{out}, qr/NOT ALL IS WELL: it still runs: what it works/,
		    '... saying so');
		is($host->count->{hf}, 20, '... the mail is held');
		is($host->log, '', '... it was not started a second time');
		undo();

		$knob = "$scanner->{dir}/no-start";
		spew($knob, '');
		$r = $host->respond(@yes);
		is($r->{code}, 2, 'it does not start: exits 2');
		like($r->{out}, qr/MAILSCANNER DOES NOT RUN/, '... loudly');
		is(scalar(() = $r->{out} =~ /^e\) start/mg), 1,
		    '... was tried once');
		is(state_of($host->record)->{scanner}, 'stopped', '... it is noted');
		$r = $host->respond('undo', $host->record, '--yes');
		is($r->{code}, 2, 'undo, when it does not start either');
		like($r->{out}, qr/MAILSCANNER DOES NOT RUN/, '... loudly, too');
		is($host->count->{qf}, 20, '... puts the mail back all the same');
		unlink $knob;
		undo();

		# The start says that all is well, and there is none.
		$host->configure(scanner_start => '/bin/true', scanner_wait => 1);
		$r = $host->respond(@yes);
		is($r->{code}, 2, 'a start that starts nothing: exits 2');
		like($r->{out}, qr/MAILSCANNER DOES NOT RUN/, '... loudly');
		spew($host->record . '/settings', slurp($host->record .
		    '/settings'), "scanner_start $scanner->{init} start\n");
		undo();
	};
}

sub signals {
	my @signals = @_;
	for my $step (@steps) {
		subtest "signals in the step $step" => sub {
			for my $signal (@signals) {
				my $pid = begin_at($step);
				is($host->log, $log{$step}[0], "SIG$signal: before");
				kill $signal, $pid;
				# A qflush is interrupted, all else goes on.
				go() if $step ne 'hold';
				is(ended($pid), 'exit 2', '... exits 2');
				unlike(run('ps', '-eo', 'args')->{out},
				    qr/^\S+ \Q$dir\E\/instead/m,
				    '... no tool is left');
				is($host->log, $log{$step}[1],
				    '... MailScanner runs again');
				like(slurp("$dir/out"),
				    qr/^FAILED: interrupted \(SIG$signal\)$/m,
				    '... says so');
				like(slurp($host->record . '/timeline.txt'),
				    qr/s  FAILED: interrupted \(SIG$signal\)$/m,
				    '... and the record');
				undo();
			}
		};
	}

	subtest 'signals to all processes of it, as by ^C and ^Z' => sub {
		for my $step (qw(stop start)) {
			for my $signal (@signals) {
				my $pid = begin_at($step);
				kill $signal, -$pid;
				go();
				is(ended($pid), 'exit 2', "SIG$signal, $step");
				is($host->log, 'stop start',
				    '... its command goes on, MailScanner runs');
				is(scalar(my @p = $scanner->parents), 1,
				    '... MailScanner runs, once');
				undo();
			}
		}
		my $pid = begin_at('hold');
		kill 'TSTP', $pid;
		go();
		is(ended($pid), 'exit 0', '^Z does not leave it stopped');
		undo();
	};

	subtest 'SIGPIPE, which is no reason to stop' => sub {
		for my $step (@steps) {
			my $pid = begin_at($step);
			kill 'PIPE', $pid;
			go();
			is(ended($pid), 'exit 0', "in the step $step");
			is($host->runs, 1, '... MailScanner runs');
			undo();
		}
	};
}

sub kills {
	for my $step (@steps) {
		subtest "SIGKILL in the step $step" => sub {
			my $pid = begin_at($step);
			is($host->log, $log{$step}[0], 'before');
			kill 'KILL', $pid;
			is(ended($pid), 'signal 9', 'killed');
			# Nothing more happens until its command ends.
			is($host->runs, {stop => 1, hold => 0, start => 0}->{$step}
			    // 1, 'MailScanner is as it was');
			go();
			if ($step =~ /stop|hold|start/) {
				wait_for(sub { slurp($host->record . '/timeline.txt')
				    =~ /its guard has started MailScanner/ },
				    'the guard');
				is(state_of($host->record)->{scanner}, 'started',
				    'it is noted');
			}
			guard_ended();
			is($host->log, $log{$step}[1], 'MailScanner runs again');
			is(scalar(my @p = $scanner->parents), 1, '... once');
			if ($step eq 'block') {
				is(state_of($host->record)->{block}, 'asked',
				    'a block was begun');
				wait_for(sub { slurp($host->record . '/qblock.txt')
				    =~ /^blocked/ }, 'qblock');
			}
			wait_for(sub { !$host->count->{qf} }, 'qflush to end')
			    if $step eq 'hold';
			undo();
		};
	}

	# MailScanner has been started, and loads its modules, when all but the
	# guard ends: it is not started a second time.
	subtest 'SIGKILL when a start has begun' => sub {
		spew("$scanner->{dir}/load-wait", '');
		my $pid = begin_at('load');
		my ($script) = run('ps', '-eo', 'pid=,args=')->{out} =~
		    /^ *(\d+) .*perl .*ms-init start$/m;
		kill 'KILL', $pid, $script;
		ended($pid);
		unlink "$scanner->{dir}/load-wait";
		go();
		wait_for(sub { slurp($host->record . '/timeline.txt') =~
		    /its guard has started MailScanner/ }, 'the guard');
		guard_ended();
		is($host->log, 'stop start', 'it was started once');
		is(scalar(my @p = $scanner->parents), 1, '... and runs once');
		undo();
	};

	# All of them at once: nobody is left to start it but undo, or the next.
	subtest 'SIGKILL to all of it' => sub {
		my $pid = begin_at('hold');
		kill 'KILL', -$pid;
		is(ended($pid), 'signal 9', 'killed');
		ok(!$host->runs, 'MailScanner does not run');
		go();
		my $undo = $host->respond('undo', $host->record, '--yes');
		is($undo->{code}, 0, 'undo');
		like($undo->{out}, qr/^start MailScanner: .*^ended the block of /ms,
		    '... starts it, before it puts mail back at some rate');
		undo();

		$pid = begin_at('hold');
		kill 'KILL', -$pid;
		ended($pid);
		my $killed = $host->record;
		$host->configure;
		$host->log;
		my $r = $host->respond($flooder);
		like($r->{out}, qr/^c\) MailScanner does not run: it is left alone\n/m,
		    'the next response finds it stopped');
		like($r->{out}, qr/^e\) start MailScanner: /m, '... will start it');
		$r = $host->respond(@yes);
		is($r->{code}, 0, '... no lock of the first is in its way')
		    or diag $r->{out}, $r->{err};
		is($host->log, 'start', '... and has');
		is(state_of($killed)->{scanner}, 'started',
		    'and noted it in the record of the first');
		# The block is of the first, the hold of the second.
		undo($host->record, $killed);
		is(tool('qblock', 'list', '--cf', "$dir/sendmail/sendmail.cf")
		    ->{out} =~ /192/, '', 'no block is left');
	};
}

# A whole response with outputs that take nothing, from the start.
sub outputs {
	subtest 'descriptors that are closed, broken or full' => sub {
		# A program of which one is closed takes its files for it.
		mkdir "$dir/bin";
		spew("$dir/bin/date", "#!/bin/sh\nfor fd in 0 1 2; do\n",
		    "test -e /proc/\$\$/fd/\$fd || : >$dir/closed\ndone\n",
		    "exec /bin/date \"\$@\"\n");
		chmod 0755, "$dir/bin/date";
		local $ENV{PATH} = "$dir/bin:$ENV{PATH}";
		open my $full, '>', '/dev/full' or die "/dev/full: $!\n";
		pipe my $read, my $broken or die "pipe: $!\n";
		close $read;
		for (['no standard input', {0 => undef}],
		    ['no standard output', {1 => undef}],
		    ['no standard error', {2 => undef}],
		    ['none of them', {0 => undef, 1 => undef, 2 => undef}],
		    ['no reader', {1 => $broken}],
		    ['no reader of both', {1 => $broken, 2 => $broken}],
		    ['output to /dev/full', {1 => $full, 2 => $full}]) {
			my ($what, $fds) = @$_;
			$host->configure;
			my $pid = $host->begin($fds, @yes);
			is(ended($pid), 'exit 0', $what);
			ok(!-e "$dir/closed", '... nothing that it runs finds one closed');
			is($host->log, 'stop start', '... MailScanner runs');
			is($host->count->{hf}, 20, '... the mail is held');
			like(slurp($host->record . '/timeline.txt'), qr/ done; to/,
			    '... the record tells');
			undo();
		}
	};
}

# Of a reader that goes away (head), and of one that does not read (less).
sub readers {
	for my $step (@steps) {
		subtest "a reader that is lost in the step $step" => sub {
			pipe my $read, my $write or die "pipe: $!\n";
			my $pid = begin_at($step, {1 => $write, 2 => $write});
			close $write;
			close $read;
			go();
			is(ended($pid), 'exit 0', 'the response ends well');
			is(scalar(my @p = $scanner->parents), 1,
			    '... MailScanner runs');
			is($host->count->{hf}, 20, '... the mail is held');
			like(slurp($host->record . '/timeline.txt'), qr/ done; to/,
			    '... the record tells');
			undo();
		};
	}

	for my $step (qw(stop hold start)) {
		subtest "a reader that does not read since the step $step" => sub {
			pipe my $read, my $write or die "pipe: $!\n";
			my $pid = begin_at($step, {1 => $write, 2 => $write});
			# What is blocked is this description, which is its, too:
			# so only for as long as the pipe is filled.
			my $flags = fcntl $write, F_GETFL, 0;
			fcntl $write, F_SETFL, $flags | O_NONBLOCK;
			1 while syswrite $write, 'x' x 512;
			1 while syswrite $write, 'x';
			fcntl $write, F_SETFL, $flags;
			close $write;
			go();
			wait_for(sub { state_of($host->record)->{scanner} eq
			    'started' }, 'MailScanner, read or not');
			is(scalar(my @p = $scanner->parents), 1,
			    'MailScanner runs, though nobody reads');
			is(waitpid($pid, 1), 0, '... and it waits to tell so');
			my $text = do { local $/; <$read> };
			is(ended($pid), 'exit 0', '... which it does');
			like($text, qr/x\n?d\) hold|x +\S.*^d\) hold its mail$/ms,
			    '... with what was kept') if $step eq 'stop';
			like($text, qr/^e\) start MailScanner.*^done; /ms,
			    '... to the end');
			undo();
		};
	}
}

# What else it has open than the first three.
sub descriptors {
	my ($pid) = @_;
	return [sort map { readlink } grep { !m{/[012]$} }
	    glob "/proc/$pid/fd/*"];
}

sub one_at_a_time {
	subtest 'one at a time' => sub {
		my $pid = begin_at('hold');
		$host->log;
		my $r = $host->respond(@yes);
		is($r->{code}, 2, 'a second response exits 2');
		like($r->{err}, qr/another flood-response runs: process $pid$/m,
		    '... naming the first');
		is($host->log, '', '... and does nothing');
		# While the guard of one that was killed is at work it is, too.
		kill 'KILL', $pid;
		ended($pid);
		$r = $host->respond(@yes);
		is($r->{code}, 2, 'so does one while a guard is at work');
		like($r->{err}, qr/was killed \(process $pid\) .* try again$/m,
		    '... saying so');
		go();
		guard_ended();
		wait_for(sub { !$host->count->{qf} }, 'qflush to end');
		undo();

		# What 0.1.0 took for a lock, with a number that is in use again;
		# and what a run that was killed has left.
		symlink $$, "$host->{records}/lock";
		spew("$host->{records}/.lock", "$$\n");
		$r = $host->respond(@yes);
		is($r->{code}, 0, 'a number in a file is no lock')
		    or diag $r->{err};
		undo();
		unlink "$host->{records}/lock";
		my @left = grep { /flood-response|guard/ && !/flood-killed/ } split
		    /\n/, run('ps', '-eo', 'args')->{out};
		is_deeply(\@left, [], 'no process is left');
		is_deeply([glob '/tmp/flood-response.*'], [], 'no file is left');
		is_deeply([glob "$host->{records}/*/pipe"], [], '... and no pipe');
	};

	subtest 'what MailScanner inherits' => sub {
		$host->configure;
		$scanner->kill_all;
		my ($parent) = $scanner->start->parents;
		my $before = descriptors($parent);
		is($host->respond(@yes)->{code}, 0, 'a response');
		($parent) = $scanner->parents;
		is_deeply(descriptors($parent), $before, 'no descriptor');
		my ($ignored) = slurp("/proc/$parent/status") =~
		    /^SigIgn:\s*(\S+)$/m;
		# INT and QUIT are for a terminal; the double ignores HUP, and
		# perl FPE. Signal 32 and those above are the C library's own.
		is(hex(substr $ignored, -8) & 0x7fffffff &
		    ~(1 << 0 | 1 << 1 | 1 << 2 | 1 << 7), 0,
		    'no signal is ignored');
		undo();
	};
}

# The watchdog of MailScanner starts one, of which the pid file knows, while
# another is there.
sub two_parents {
	subtest 'two parents' => sub {
		my $pid = begin_at('hold');
		$scanner->start;
		rename $scanner->{pidfile}, "$dir/aside";
		$scanner->start;
		my @parents = $scanner->parents;
		is(scalar @parents, 2, 'MailScanner runs twice');
		go();
		is(ended($pid), 'exit 1', 'the response ends with 1');
		is(scalar(@parents = $scanner->parents), 2,
		    '... did not start a third');
		my $named = slurp($scanner->{pidfile}) =~ s/\n//r;
		my $says = qr/NOT ALL IS WELL: MailScanner runs twice: processes @parents; its pid file \S+ names $named, .* End both: kill @parents; when they are gone: \S+ start$/m;
		like(slurp("$dir/out"), $says, '... says so, and what to do');
		like(slurp($host->record . '/timeline.txt'), $says,
		    '... in the record, too');
		my $r = $host->respond('undo', $host->record);
		is($r->{code}, 1, 'undo, a dry run');
		like($r->{out}, $says, '... says so');
		$r = $host->respond($flooder);
		is($r->{code}, 2, 'the next response is refused');
		like($r->{err}, qr/nothing was done: MailScanner runs twice: .* End both: kill @parents;/,
		    '... because of that');
		# As it was told.
		kill 'TERM', @parents;
		wait_for(sub { !$scanner->processes }, 'both to end');
		$scanner->start;
		undo();

		# One is there, of which the pid file does not know: that is enough.
		$pid = begin_at('hold');
		$scanner->start;
		my ($parent) = $scanner->parents;
		rename $scanner->{pidfile}, "$dir/aside";
		$host->log;
		go();
		is(ended($pid), 'exit 1', 'a parent without a pid file');
		is($host->log, '', '... no second one is started');
		like(slurp("$dir/out"), qr/NOT ALL IS WELL: MailScanner runs as process $parent, but its pid file \S+ names none, so that a stop does nothing\. Mend it: echo $parent >/,
		    '... and what to do is said');
		rename "$dir/aside", $scanner->{pidfile};
		undo();
	};
}
