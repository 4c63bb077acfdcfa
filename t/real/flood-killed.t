#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# flood-killed.t - MailScanner runs again whatever becomes of flood-response:
# a step that fails, a signal, SIGKILL in the middle; in both of the shells that
# are /bin/sh somewhere
use strict;
use warnings;

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
$host->{sendmail}->send(20, client => $flooder, to => 'b@lab.example.net');
my $access = slurp($host->{access});
my @yes = ($flooder, '--yes', '--max', '100%');

# A program in the place of a tool, which waits before it does anything for
# good: until "go" is there.
sub slow {
	my ($tool) = @_;
	spew("$dir/slow", <<"EOT");
#!/bin/sh
case " \$* " in
*' --yes '*)
	: >$dir/waiting
	while test ! -e $dir/go; do sleep 0.02; done ;;
esac
exec @{[builddir()]}/tools/$tool "\$@"
EOT
	chmod 0755, "$dir/slow";
	unlink "$dir/waiting", "$dir/go";
	return "$dir/slow" . ($tool eq 'qflush' ? " --journal $dir/journal" :
	    '');
}

# Begins a response that waits in a tool; returns its process.
sub begin_in {
	my ($tool) = @_;
	$host->configure($tool => slow($tool));
	my $pid = $host->begin(@yes);
	wait_for(sub { -e "$dir/waiting" }, "$tool to wait");
	is($host->log, 'stop', 'MailScanner is stopped');
	ok(!$host->runs, '... and does not run');
	return $pid;
}

# Back to the state before: what undo is for. It has the settings of the
# response.
sub undo {
	my @records = @_;
	spew("$dir/go", '');
	for my $record (@records ? @records : $host->record) {
		my $r = $host->respond('undo', $record, '--yes');
		is($r->{code}, 0, 'undo') or diag $r->{out}, $r->{err};
	}
	$host->configure;
	is(slurp($host->{access}), $access, '... the block is gone');
	is_deeply($host->count, {qf => 20, df => 20}, '... the mail is back');
	ok($host->runs, '... MailScanner runs');
	$host->log;
}

sub ended {
	my ($pid) = @_;
	waitpid $pid, 0;
	return $? & 127 ? 'signal ' . ($? & 127) : 'exit ' . ($? >> 8);
}

for my $shell (qw(dash bash)) {
	$host->{shell} = $shell;
	note $shell;
	failing_steps();
	signals();
	kills();
	one_at_a_time();
}
done_testing;

sub failing_steps {
	subtest 'a step that fails' => sub {
		for (['qblock', 'exit 2', qr/^FAILED: no block$/m],
		    ['qflush', 'exit 2', qr/^FAILED: qflush, see above$/m],
		    ['qflush', 'kill -KILL $$', qr/^FAILED: qflush, see above$/m]) {
			my ($tool, $does, $said) = @$_;
			spew("$dir/bad", "#!/bin/sh\ncase \" \$* \" in\n",
			    "*' add '*' --yes '* | *' --hold '*'--yes '*)\n",
			    "echo no block; $does ;;\nesac\n",
			    "exec @{[builddir()]}/tools/$tool \"\$@\"\n");
			chmod 0755, "$dir/bad";
			$host->configure($tool => "$dir/bad");
			my $r = $host->respond(@yes);
			is($r->{code}, 2, "$tool: $does: exits 2");
			like($r->{out}, $said, '... says what failed');
			like($r->{out}, qr/^to take back .*: flood-response undo \//m,
			    '... and how to go back');
			is($host->log, 'stop start', '... MailScanner runs again');
			undo();
		}
	};

	subtest 'messages in use, and a check that fails' => sub {
		spew("$dir/partly", "#!/bin/sh\n@{[builddir()]}/tools/qflush \"\$@\"",
		    "\ncase \" \$* \" in *' --hold '*) exit 1 ;; esac\n");
		chmod 0755, "$dir/partly";
		$host->configure(qflush => "$dir/partly --journal $dir/journal");
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
		spew("$dir/no-stop", '');
		my $r = $host->respond(@yes);
		is($r->{code}, 2, 'it does not stop: exits 2');
		is(slurp($host->{access}), $access, '... before anything is blocked');
		ok($host->runs, '... and it runs');
		unlink "$dir/no-stop";
		$host->log;
		spew("$dir/no-start", '');
		$r = $host->respond(@yes);
		is($r->{code}, 2, 'it does not start: exits 2');
		like($r->{out}, qr/MAILSCANNER DOES NOT RUN/, '... loudly');
		unlink "$dir/no-start";
		undo();
	};
}

sub signals {
	for my $signal (qw(INT TERM HUP)) {
		subtest "SIG$signal while mail is held" => sub {
			my $pid = begin_in('qflush');
			kill $signal, $pid;
			is(ended($pid), 'exit 2', 'exits 2');
			is($host->log, 'start', 'MailScanner runs again');
			like(slurp("$dir/out"), qr/^FAILED: interrupted$/m, 'says so');
			undo();
		};
	}
}

sub kills {
	subtest 'SIGKILL while the block is made' => sub {
		my $pid = begin_in('qblock');
		kill 'KILL', $pid;
		is(ended($pid), 'signal 9', 'killed');
		# The guard waits for the command that still runs.
		ok(!$host->runs, 'MailScanner waits for qblock');
		spew("$dir/go", '');
		wait_for(sub { $host->runs }, 'MailScanner');
		wait_for(sub { slurp($host->record . '/state') =~ /started/ },
		    'the note');
		is($host->log, 'start', 'the guard has started MailScanner');
		like(slurp($host->record . '/timeline.txt'),
		    qr/its guard starts MailScanner/, '... and noted it');
		my $r = $host->respond('undo', $host->record);
		like($r->{out}, qr/not known whether it was blocked: qblock list/,
		    'undo says what it does not know');
		is(tool('qblock', 'remove', $flooder, '--yes', '--cf',
		    "$dir/sendmail/sendmail.cf")->{code}, 0, 'qblock remove');
	};

	subtest 'SIGKILL while mail is held' => sub {
		my $pid = begin_in('qflush');
		kill 'KILL', $pid;
		is(ended($pid), 'signal 9', 'killed');
		spew("$dir/go", '');
		wait_for(sub { $host->runs }, 'MailScanner');
		wait_for(sub { slurp($host->record . '/state') =~ /started/ },
		    'the note');
		is($host->log, 'start', 'MailScanner runs again');
		wait_for(sub { !$host->count->{qf} }, 'qflush to end');
		undo();
	};

	# All of them at once: nobody is left to start it but undo, or the next.
	subtest 'SIGKILL to all of it' => sub {
		my $pid = begin_in('qflush');
		kill 'KILL', -$pid;
		is(ended($pid), 'signal 9', 'killed');
		ok(!$host->runs, 'MailScanner does not run');
		undo();

		$pid = begin_in('qflush');
		kill 'KILL', -$pid;
		ended($pid);
		my $killed = $host->record;
		$host->configure;
		my $r = $host->respond($flooder);
		like($r->{out}, qr/^a\) MailScanner does not run: it is left alone\n/m,
		    'the next response finds it stopped');
		like($r->{out}, qr/^e\) start MailScanner: /m, '... will start it');
		$r = $host->respond(@yes);
		is($host->log, 'start', '... and has');
		like(slurp("$killed/state"), qr/^scanner started$/m,
		    'and noted it in the record of the first');
		# The block is of the first, the hold of the second.
		undo($host->record, $killed);
		is(tool('qblock', 'list', '--cf', "$dir/sendmail/sendmail.cf")
		    ->{out} =~ /192/, '', 'no block is left');
	};
}

sub one_at_a_time {
	subtest 'one at a time' => sub {
		my $pid = begin_in('qflush');
		my $r = $host->respond(@yes);
		is($r->{code}, 2, 'a second response exits 2');
		like($r->{err}, qr/another flood-response runs: process $pid$/m,
		    '... naming the first');
		is($host->log, '', '... and does nothing');
		spew("$dir/go", '');
		is(ended($pid), 'exit 0', 'the first ends well');
		is($host->log, 'start', '... MailScanner runs again');
		undo();
		ok(!-l "$host->{records}/lock", 'no lock is left');
		my @left = grep { /flood-response|guard/ && !/flood-killed/ } split
		    /\n/, run('ps', '-eo', 'args')->{out};
		is_deeply(\@left, [], 'no process is left');
		is_deeply([glob '/tmp/flood-response.*'], [], 'no file is left');
	};
}
