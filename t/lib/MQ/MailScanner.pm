# SPDX-License-Identifier: GPL-3.0-or-later
# MailScanner.pm - a double of MailScanner 5 as a service: its processes, its
# pid file, its init script and its unit of systemd
#
# No package source has the real one. This one touches no queue; what it does
# as a service is what the sources of 5.5 do:
#
#   the daemon      its command is "perl ... /DIR/sbin/MailScanner CONF", until
#                   it has loaded its modules: the pid file says "MailScanner"
#                   then. It forks twice, leads a session, writes its number
#                   into the pid file, and gives itself and its children titles
#   TERM            the parent sends its children HUP, sleeps three seconds (a
#                   moment, here), removes the pid file, whoever's number is in
#                   it, and ends
#   ms-init start   exits with 0 if the pid file names a process with such a
#                   title, also if that one is ending; else a second parent is
#                   started, if there is one of which the pid file knows nothing
#   ms-init stop    exits with 0, doing nothing, if there is no pid file; else
#                   sends TERM, and waits until that process is gone
#   ms-init status  says this and that, and exits with 0
#   the unit        RemainAfterExit: it stays active when MailScanner dies, and
#                   an active unit is not started
#
# All that belongs to one is below its {dir}; nothing is ended but processes
# that wrote their number there. What a test can have it do is a file in {dir}:
#   no-stop no-start         the init script fails, and does nothing
#   stop-wait start-wait     the init script makes "waiting", and does nothing
#                            until there is "go"
#   load-wait                the same of the daemon, before it forks
package MQ::MailScanner;
use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use POSIX ();
use Scalar::Util qw(weaken);
use Time::HiRes qw(sleep);

my %made;    # those that are not destroyed yet
my $lib = abs_path(dirname(__FILE__) . '/..');

# new(dir => DIR, user => USER): it does not run yet. "user" is its Run As User.
sub new {
	my ($class, %opt) = @_;
	my $self = bless {%opt, owner => $$, conf => "$opt{dir}/MailScanner.conf",
	    pidfile => "$opt{dir}/run/MailScanner.pid",
	    init => "$opt{dir}/ms-init", status => "$opt{dir}/ms-status",
	    bin => "$opt{dir}/bin"}, $class;
	my $dir = $self->{dir};
	mkdir $_ for $dir, map { "$dir/$_" } qw(bin conf.d pids run sbin);
	_write($self->{conf}, "# of the test\n%run-dir% = $dir/run\n",
	    "PID file = /nonexistent/MailScanner.pid\n",
	    'Run As User = ', $self->{user} // '', "\n",
	    "include $dir/conf.d/*\n");
	_write("$dir/conf.d/pid.conf", "pidfile = %RUN-dir%/MailScanner.pid # it\n");
	for (['sbin/MailScanner', 'daemon'], ['ms-init', 'init'],
	    ['ms-status', 'status'], ['bin/systemctl', 'systemctl']) {
		my ($file, $sub) = @$_;
		_write("$dir/$file", "#!/usr/bin/perl -I $lib\n",
		    "use MQ::MailScanner;\n",
		    "MQ::MailScanner::$sub('$dir', \@ARGV);\n");
		chmod 0755, "$dir/$file";
	}
	weaken($made{$self} = $self);
	return $self;
}

sub start {
	my ($self) = @_;
	system($self->{init}, 'start') == 0 or die "ms-init start\n";
	sleep 0.02 while !_is_titled(_named($self->{dir}));
	return $self;
}

# By its number, as nobody may know of it: its parents end at once.
sub kill_all {
	my ($self, $signal) = @_;
	my @pids = $self->processes;
	kill $signal // 'KILL', @pids;
	for (1 .. 500) {
		last if !grep { -e "/proc/$_" && _title($_) ne '' } @pids;
		sleep 0.02;
	}
	unlink $self->{pidfile};
}

# Its processes, those that are its parents, and whether there is one.
sub processes {
	my ($self) = @_;
	return grep { -e "/proc/$_" && _title($_) =~ /MailScanner/ }
	    sort { $a <=> $b } map { s{.*/}{}r } glob "$self->{dir}/pids/*";
}

sub parents {
	my ($self) = @_;
	return grep { getpgrp($_) == $_ } $self->processes;
}

sub runs {
	my ($self) = @_;
	return scalar $self->parents;
}

sub DESTROY {
	my ($self) = @_;
	local $?;
	delete $made{$self};
	$self->kill_all if $self->{owner} == $$;
}

# What a test keeps to its end is destroyed when the directories are gone, and
# with them the numbers of the processes.
END {
	local $?;
	$_->kill_all for grep { $_ && $_->{owner} == $$ } values %made;
}

# --- what the programs do -------------------------------------------------

sub _write {
	my ($file, @text) = @_;
	open my $fh, '>', $file or die "$file: $!\n";
	print $fh @text;
	close $fh or die "$file: $!\n";
}

sub _log {
	my ($dir, $word) = @_;
	open my $fh, '>>', "$dir/log" or die "$dir/log: $!\n";
	syswrite $fh, "$word\n";
}

# What ps shows of a process.
sub _title {
	my ($pid) = @_;
	open my $fh, '<', "/proc/$pid/cmdline" or return '';
	local $/;
	return <$fh> // '';
}

sub _named {
	my ($dir) = @_;
	open my $fh, '<', "$dir/run/MailScanner.pid" or return;
	my $line = <$fh> // '';
	return $line =~ /^(\d+)$/ ? $1 : 0;
}

sub _is_titled {
	my ($pid) = @_;
	return $pid && _title($pid) =~ /MailScanner:/;
}

sub _wait {
	my ($dir, $knob) = @_;
	return if !-e "$dir/$knob";
	_write("$dir/waiting", $knob);
	sleep 0.02 while -d $dir && !-e "$dir/go";
}

sub daemon {
	my ($dir, $conf) = @_;
	$SIG{HUP} = 'IGNORE';
	$SIG{TERM} = 'DEFAULT';
	_write("$dir/pids/$$", '');
	_write("$dir/run/MailScanner.pid", "MailScanner\n");
	_wait($dir, 'load-wait');
	sleep 0.1;
	my $middle = fork // die "fork: $!\n";
	if ($middle) {
		waitpid $middle, 0;
		POSIX::_exit(0);
	}
	# As the real one: descriptors above these stay open.
	open STDIN, '<', '/dev/null';
	open STDOUT, '>', '/dev/null';
	open STDERR, '>', '/dev/null';
	my $parent = fork // die "fork: $!\n";
	POSIX::_exit(0) if $parent;
	POSIX::setsid();
	_write("$dir/pids/$$", '');
	_log($dir, 'start');
	_write("$dir/run/MailScanner.pid", "$$\n");
	my %children;
	$SIG{TERM} = sub {
		$0 = 'MailScanner: killing children, bwahaha!';
		kill 'HUP', keys %children;
		sleep 0.3;
		unlink "$dir/run/MailScanner.pid";
		_log($dir, 'stop');
		POSIX::_exit(0);
	};
	$0 = 'MailScanner: starting children';
	while (-d $dir) {
		while (keys %children < 2) {
			my $pid = fork // die "fork: $!\n";
			_child($dir) if !$pid;
			$children{$pid} = 1;
		}
		$0 = 'MailScanner: master process sleeping';
		my $dead = wait;
		delete $children{$dead};
	}
	POSIX::_exit(0);
}

sub _child {
	my ($dir) = @_;
	_write("$dir/pids/$$", '');
	$SIG{HUP} = sub { POSIX::_exit(0) };
	$SIG{TERM} = 'DEFAULT';
	$0 = 'MailScanner: waiting for messages';
	sleep 1 while -d $dir;
	POSIX::_exit(0);
}

# All that has the title is ended, and the pid file goes.
sub _end_rogues {
	my ($dir) = @_;
	for my $pid (map { s{.*/}{}r } glob "$dir/pids/*") {
		kill 'TERM', $pid if _is_titled($pid);
		sleep 0.02 while _is_titled($pid);
	}
	unlink "$dir/run/MailScanner.pid";
}

sub init {
	my ($dir, $verb) = @_;
	my $pid = _named($dir);
	if ($verb eq 'status') {
		print "MailScanner is not running\n" if !_is_titled($pid);
		exit 0;
	}
	_wait($dir, "$verb-wait");
	exit 1 if -e "$dir/no-$verb";
	$pid = _named($dir);
	if ($verb eq 'start') {
		exit 0 if _is_titled($pid);
		_end_rogues($dir) if defined $pid;
		sleep 0.1;
		exit(system("$dir/sbin/MailScanner", "$dir/MailScanner.conf") >> 8);
	}
	exit 0 if !defined $pid;
	if (_is_titled($pid)) {
		kill 'TERM', $pid;
		sleep 0.05 while _is_titled($pid);
		unlink "$dir/run/MailScanner.pid";
	} else {
		_end_rogues($dir);
	}
	exit 0;
}

# A command that can be asked for the state, which the real one has not.
sub status {
	my ($dir) = @_;
	exit(_is_titled(_named($dir)) ? 0 : 3);
}

# The unit's name is in the file "unit", "active" is there if it is.
sub systemctl {
	my ($dir, $verb, @words) = @_;
	my $unit = $words[-1];
	open my $fh, '<', "$dir/unit" or die "unit: $!\n";
	my $known = <$fh> eq $unit;
	_log($dir, "systemctl-$verb") if $verb !~ /^(show|is-active)$/;
	if ($verb eq 'show') {
		print $words[1] eq 'LoadState' ?
		    'LoadState=' . ($known ? 'loaded' : 'not-found') :
		    'ActiveState=' . ($known && -e "$dir/active" ? 'active' :
			'inactive'), "\n";
		exit 0;
	}
	exit 5 if !$known;
	exit(-e "$dir/active" ? 0 : 3) if $verb eq 'is-active';
	if ($verb =~ /^(stop|restart)$/ && -e "$dir/active") {
		system("$dir/ms-init", 'stop') == 0 or exit 1;
		unlink "$dir/active";
	}
	if ($verb =~ /^(start|restart)$/ && !-e "$dir/active") {
		system("$dir/ms-init", 'start') == 0 or exit 1;
		_write("$dir/active", '');
	}
	exit 0;
}

1;
