# SPDX-License-Identifier: GPL-3.0-or-later
# Flood.pm - a host that is flooded, with a double in MailScanner's place, and
# flood-response on it
#
# In the lab only. Everything below {dir} goes with the test.
package MQ::Flood;
use strict;
use warnings;

use MQ;
use MQ::MailScanner;
use MQ::Sendmail;
use POSIX ();

my $network;

# new(dir => DIR, shell => SHELL): sendmail with an access map and an empty
# queue, and MailScanner's double, which runs. Where there are several hosts on
# one machine each has to be asked by its own command: ask => 1.
sub new {
	my ($class, %opt) = @_;
	my $self = bless {%opt,
	    access => "$opt{dir}/access", queue => "$opt{dir}/mqueue",
	    records => "$opt{dir}/records", conf => "$opt{dir}/conf"}, $class;
	-d or mkdir or die "$_: $!\n" for $opt{dir}, $self->{queue};
	MQ::Sendmail::add_network('192.0.2.0/24') if !$network++;
	spew($self->{access}, "# of the administrator\n");
	my $r = run({stdin => ''}, 'makemap', 'hash', $self->{access});
	die "makemap: $r->{err}\n" if $r->{code};
	$self->{sendmail} = MQ::Sendmail->new(dir => "$opt{dir}/sendmail",
	    queue => $self->{queue}, mc => 'FEATURE(`access_db\', '
	    . "`hash -T<TMPF> $self->{access}')dnl")->start;
	$self->{scanner} = MQ::MailScanner->new(dir => "$opt{dir}/scanner")
	    ->start;
	$self->log;
	$self->configure;
	return $self;
}

# configure(KEY => WORDS): the settings of flood-response; these ones differ,
# and one that is undefined is left out.
sub configure {
	my ($self, %words) = @_;
	my $dir = $self->{dir};
	my $scanner = $self->{scanner};
	my %all = (scanner_conf => $scanner->{conf},
	    scanner_status => $self->{ask} ? $scanner->{status} : undef,
	    scanner_stop => "$scanner->{init} stop",
	    scanner_start => "$scanner->{init} start", scanner_wait => 30,
	    qstat => program('qstat'), qblock => program('qblock'),
	    qflush => program('qflush') . " --journal $dir/journal", pause => '0s',
	    sendmail => '/usr/sbin/sendmail', queue => "mqueue=$self->{queue}",
	    sendmail_cf => "$dir/sendmail/sendmail.cf",
	    smtp_ports => $self->{sendmail}{port},
	    records => $self->{records}, %words);
	spew($self->{conf}, "# settings of the test\n\n",
	    map { "$_ $all{$_}\n" } grep { defined $all{$_} } sort keys %all);
}

sub command {
	my ($self, @args) = @_;
	return ($self->{shell} // 'sh',
	    program('flood-response'),
	    '--config', $self->{conf}, @args);
}

# As run() does it.
sub respond {
	my ($self, @args) = @_;
	return run($self->command(@args));
}

# begin([\%fds,] ARGUMENT...): in a process group of its own, and in the
# background; returns its process. A descriptor may be given a handle, or undef
# to be closed; else the output goes to the file "out".
sub begin {
	my $self = shift;
	my %fds = ref $_[0] ? %{+shift} : ();
	my @command = $self->command(@_);
	my $pid = fork // die "fork: $!\n";
	if (!$pid) {
		setpgrp;
		open STDIN, '<', '/dev/null' or POSIX::_exit(126);
		open STDOUT, '>', "$self->{dir}/out" or POSIX::_exit(126);
		open STDERR, '>&', \*STDOUT or POSIX::_exit(126);
		for my $fd (sort keys %fds) {
			POSIX::close($fd);
			POSIX::dup2(fileno $fds{$fd}, $fd) if $fds{$fd};
		}
		exec { $command[0] } @command or POSIX::_exit(127);
	}
	return $pid;
}

# "stop start", since the last call.
sub log {
	my ($self) = @_;
	my $file = "$self->{dir}/scanner/log";
	my $text = -e $file ? slurp($file) : '';
	unlink $file;
	return join ' ', split /\n/, $text;
}

sub runs {
	my ($self) = @_;
	return $self->{scanner}->runs;
}

# How many messages there are: {qf => 10, hf => 60, df => 70}.
sub count {
	my ($self) = @_;
	my %n;
	opendir my $dh, $self->{queue} or die "$self->{queue}: $!\n";
	/^([a-zA-Z]f)/ and $n{$1}++ for readdir $dh;
	return \%n;
}

# The newest record.
sub record {
	my ($self) = @_;
	return (sort glob "$self->{records}/2*")[-1];
}

1;
